-- From Paymenter 1 to lines that `opentill import` takes. README.md says how to run it and what it leaves out.
-- Written after the models of its public repository (2025 and 2026); never run on an installation.

SET NAMES utf8mb4;
SET SESSION sql_mode = ''; -- zero dates are compared, not refused
SET SESSION group_concat_max_len = 16777216;
SET @zone = '+00:00';      -- of the times: `APP_TIMEZONE` in .env, as an offset, or by name if the server knows names
SET @portal = '';          -- with 'https://billing.example.com', "Pay now" leads there
SET @time = '%Y-%m-%dT%TZ';
SET @whole = 'BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,VND,VUV,XAF,XOF,XPF'; -- currencies without decimal places
START TRANSACTION WITH CONSISTENT SNAPSHOT;

SELECT 'paymenter.sql: the server does not know the time zone in @zone' FROM DUAL
WHERE CONVERT_TZ('2026-01-01', @zone, '+00:00') IS NULL;

-- An address is in properties, under keys that the operator may change; these are those of a new installation.
SELECT JSON_OBJECT(
  'type', 'client', 'external_id', u.id, 'email', u.email,
  'name', COALESCE(NULLIF(TRIM(CONCAT_WS(' ', u.first_name, u.last_name)), ''), u.email),
  'company', about.company, 'phone', about.phone, 'address1', about.address1, 'address2', about.address2,
  'city', about.city, 'state', about.state, 'postcode', about.postcode,
  'country', IF(about.country REGEXP '^[A-Za-z]{2}$', about.country, NULL),
  'password_hash', IF(u.password LIKE '$2_$%' OR u.password LIKE '$argon2id$%', u.password, NULL),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(u.created_at, 0), @zone, '+00:00'), @time))
FROM users u
LEFT JOIN (
  SELECT model_id, MAX(IF(`key` = 'company_name', value, NULL)) AS company, MAX(IF(`key` = 'phone', value, NULL)) AS phone,
    MAX(IF(`key` = 'address', value, NULL)) AS address1, MAX(IF(`key` = 'address2', value, NULL)) AS address2,
    MAX(IF(`key` = 'city', value, NULL)) AS city, MAX(IF(`key` = 'state', value, NULL)) AS state,
    MAX(IF(`key` = 'zip', value, NULL)) AS postcode, MAX(IF(`key` = 'country', value, NULL)) AS country
  FROM properties WHERE model_type = 'App\\Models\\User' GROUP BY model_id) AS about ON about.model_id = u.id
WHERE u.role_id IS NULL
ORDER BY u.id;

SELECT JSON_OBJECT(
  'type', 'service', 'external_id', s.id, 'client', s.user_id,
  'name', COALESCE(NULLIF(p.name, ''), 'Service'), 'product_name', COALESCE(NULLIF(p.name, ''), 'Service'), 'status', s.status,
  'billing_cycle', CASE WHEN pl.type = 'free' THEN 'free' WHEN pl.type = 'one-time' THEN 'one_time'
    ELSE CASE CONCAT(pl.billing_period, ' ', pl.billing_unit) WHEN '1 month' THEN 'monthly' WHEN '3 month' THEN 'quarterly'
      WHEN '6 month' THEN 'semi_annually' WHEN '12 month' THEN 'annually' WHEN '1 year' THEN 'annually'
      WHEN '24 month' THEN 'biennially' WHEN '2 year' THEN 'biennially' WHEN '36 month' THEN 'triennially'
      WHEN '3 year' THEN 'triennially' ELSE CONCAT(pl.billing_period, ' ', pl.billing_unit) END END,
  'amount', CAST(s.price * s.quantity AS CHAR), 'currency_code', s.currency_code, 'quantity', s.quantity, 'order_id', o.id,
  'next_due_date', IF(pl.type = 'recurring', DATE(NULLIF(s.expires_at, 0)), NULL),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(s.created_at, 0), @zone, '+00:00'), @time))
FROM services s
JOIN users u ON u.id = s.user_id AND u.role_id IS NULL
JOIN plans pl ON pl.id = s.plan_id
LEFT JOIN products p ON p.id = s.product_id
LEFT JOIN orders o ON o.id = s.order_id AND o.user_id = s.user_id
ORDER BY s.id;

-- Prices include the tax. It is taken out of the total as Paymenter does it, so the items add up to the total.
SELECT JSON_OBJECT(
  'type', 'invoice', 'external_id', i.id, 'client', i.user_id, 'invoice_number', COALESCE(NULLIF(i.number, ''), i.id),
  'status', CASE i.status WHEN 'pending' THEN 'unpaid' ELSE i.status END, 'currency_code', i.currency_code,
  'subtotal', CAST(i.total - i.tax AS CHAR), 'tax', CAST(i.tax AS CHAR), 'total', CAST(i.total AS CHAR),
  'amount_paid', CAST(i.paid AS CHAR),
  'issue_date', DATE(i.created_at), 'due_date', DATE(NULLIF(i.due_at, 0)),
  'paid_at', IF(i.status = 'paid', DATE_FORMAT(CONVERT_TZ(i.paid_at, @zone, '+00:00'), @time), NULL),
  'created_at', DATE_FORMAT(CONVERT_TZ(i.created_at, @zone, '+00:00'), @time),
  'pay_url', IF(@portal <> '' AND i.status = 'pending', CONCAT(@portal, '/invoices/', COALESCE(NULLIF(i.number, ''), i.id)), NULL),
  'seller', JSON_OBJECT('company', REPLACE(REPLACE(i.bill_to, '\r', ''), '\n', ', ')),
  'buyer', JSON_OBJECT('name', i.name, 'company', JSON_VALUE(i.about, '$.company_name'),
    'address1', JSON_VALUE(i.about, '$.address'), 'address2', JSON_VALUE(i.about, '$.address2'),
    'city', JSON_VALUE(i.about, '$.city'), 'state', JSON_VALUE(i.about, '$.state'), 'postcode', JSON_VALUE(i.about, '$.zip'),
    'country', IF(JSON_VALUE(i.about, '$.country') REGEXP '^[A-Za-z]{2}$', JSON_VALUE(i.about, '$.country'), NULL)),
  'items', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'description', it.description, 'quantity', it.quantity, 'unit_amount', CAST(it.price AS CHAR),
      'amount', CAST(it.price * it.quantity AS CHAR), 'service_id', s.id) ORDER BY it.id SEPARATOR ',')
    FROM invoice_items it
    LEFT JOIN services s ON it.reference_type = 'App\\Models\\Service' AND s.id = it.reference_id AND s.user_id = i.user_id
      AND s.plan_id IN (SELECT id FROM plans)
    WHERE it.invoice_id = i.id), ''), ']'), '$'),
  'taxes', JSON_EXTRACT(CONCAT('[', IF(i.tax_rate > 0, JSON_OBJECT(
    'name', COALESCE(NULLIF(i.tax_name, ''), 'Tax'), 'rate', CAST(i.tax_rate AS CHAR),
    'taxable_amount', CAST(i.total - i.tax AS CHAR), 'amount', CAST(i.tax AS CHAR)), ''), ']'), '$'),
  'payments', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'date', DATE(t.created_at), 'amount', CAST(t.amount AS CHAR),
      'method', IF(t.is_credit_transaction, 'Credit', COALESCE(NULLIF(e.name, ''), 'Other')),
      'status', CASE t.status WHEN 'succeeded' THEN 'completed' WHEN 'processing' THEN 'pending' ELSE t.status END)
      ORDER BY t.id SEPARATOR ',')
    FROM invoice_transactions t
    LEFT JOIN extensions e ON e.id = t.gateway_id
    WHERE t.invoice_id = i.id), ''), ']'), '$'))
FROM (
  SELECT summed.*,
    CAST(ROUND(total * COALESCE(tax_rate, 0) / (100 + COALESCE(tax_rate, 0)), IF(FIND_IN_SET(currency_code, @whole), 0, 2))
      AS DECIMAL(17, 2)) AS tax
  FROM (
    SELECT i.id, i.user_id, i.number, i.status, i.currency_code, i.due_at, i.created_at, snapshot.tax_rate, snapshot.tax_name,
      snapshot.bill_to, snapshot.properties AS about, snapshot.name,
      COALESCE((SELECT SUM(it.price * it.quantity) FROM invoice_items it WHERE it.invoice_id = i.id), 0.00) AS total,
      COALESCE((SELECT SUM(t.amount) FROM invoice_transactions t
        WHERE t.invoice_id = i.id AND t.status = 'succeeded'), 0.00) AS paid,
      (SELECT MAX(t.created_at) FROM invoice_transactions t WHERE t.invoice_id = i.id AND t.status = 'succeeded') AS paid_at
    FROM invoices i
    JOIN users u ON u.id = i.user_id AND u.role_id IS NULL
    LEFT JOIN (SELECT invoice_id, MAX(id) AS id FROM invoice_snapshots GROUP BY invoice_id) AS latest ON latest.invoice_id = i.id
    LEFT JOIN invoice_snapshots snapshot ON snapshot.id = latest.id) AS summed) AS i
ORDER BY i.id;

-- An order has no status and no total of its own: they follow from its services.
SELECT JSON_OBJECT(
  'type', 'order', 'external_id', o.id, 'client', o.user_id, 'order_number', CAST(o.id AS CHAR),
  'status', CASE WHEN SUM(s.status IN ('active', 'suspended')) > 0 THEN 'active'
    WHEN SUM(s.status = 'pending') > 0 THEN 'pending' ELSE 'cancelled' END,
  'currency_code', o.currency_code, 'total', CAST(SUM(s.price * s.quantity) AS CHAR),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(o.created_at, 0), @zone, '+00:00'), @time),
  'items', JSON_EXTRACT(CONCAT('[', GROUP_CONCAT(JSON_OBJECT(
    'product_name', COALESCE(NULLIF(p.name, ''), 'Service'),
    'billing_cycle', CASE WHEN pl.type = 'free' THEN 'free' WHEN pl.type = 'one-time' THEN 'one_time'
      ELSE CASE CONCAT(pl.billing_period, ' ', pl.billing_unit) WHEN '1 month' THEN 'monthly' WHEN '3 month' THEN 'quarterly'
        WHEN '6 month' THEN 'semi_annually' WHEN '12 month' THEN 'annually' WHEN '1 year' THEN 'annually'
        WHEN '24 month' THEN 'biennially' WHEN '2 year' THEN 'biennially' WHEN '36 month' THEN 'triennially'
        WHEN '3 year' THEN 'triennially' ELSE CONCAT(pl.billing_period, ' ', pl.billing_unit) END END,
    'quantity', s.quantity, 'price', CAST(s.price AS CHAR), 'service_id', s.id) ORDER BY s.id SEPARATOR ','), ']'), '$'))
FROM orders o
JOIN users u ON u.id = o.user_id AND u.role_id IS NULL
JOIN services s ON s.order_id = o.id AND s.user_id = o.user_id AND s.currency_code = o.currency_code
JOIN plans pl ON pl.id = s.plan_id
LEFT JOIN products p ON p.id = s.product_id
GROUP BY o.id, o.user_id, o.currency_code, o.created_at
ORDER BY o.id;

COMMIT;
