-- From FOSSBilling to lines that `opentill import` takes. README.md says how to run it and what it leaves out.
-- Written after structure.sql and the entities of its public repository (2022 to 2026); never run on an installation.

SET NAMES utf8mb4;
SET SESSION sql_mode = ''; -- zero dates are compared, not refused
SET SESSION group_concat_max_len = 16777216;
SET @zone = '+00:00';      -- of the times: `timezone` in config.php, as an offset, or by name if the server knows names
SET @portal = '';          -- with 'https://billing.example.com', "Pay now" leads to the public page of each invoice there
SET @time = '%Y-%m-%dT%TZ';
START TRANSACTION WITH CONSISTENT SNAPSHOT;

SELECT 'fossbilling.sql: the server does not know the time zone in @zone' FROM DUAL
WHERE CONVERT_TZ('2026-01-01', @zone, '+00:00') IS NULL;

SELECT JSON_OBJECT(
  'type', 'client', 'external_id', c.id, 'email', c.email,
  'name', COALESCE(NULLIF(TRIM(CONCAT_WS(' ', c.first_name, c.last_name)), ''), NULLIF(c.company, ''), c.email),
  'company', c.company, 'phone', IF(c.phone <> '', CONCAT(IF(c.phone_cc <> '', CONCAT('+', c.phone_cc, ' '), ''), c.phone), NULL),
  'address1', c.address_1, 'address2', c.address_2, 'city', c.city, 'state', c.state, 'postcode', c.postcode,
  'country', c.country, 'currency_code', NULLIF(c.currency, ''),
  'status', CASE c.status WHEN 'canceled' THEN 'closed' ELSE c.status END,
  'password_hash', IF(c.pass LIKE '$2_$%' OR c.pass LIKE '$argon2id$%', c.pass, NULL),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(c.created_at, 0), @zone, '+00:00'), @time))
FROM client c WHERE c.email <> '' ORDER BY c.id;

-- A row of client_order is one product. What was ordered together has one group_id: the order.
SELECT JSON_OBJECT(
  'type', 'service', 'external_id', o.id, 'client', o.client_id,
  'name', COALESCE(NULLIF(o.title, ''), NULLIF(p.title, ''), 'Service'),
  'product_name', COALESCE(NULLIF(p.title, ''), NULLIF(o.title, ''), 'Service'),
  'domain', IF(h.sld <> '', CONCAT(h.sld, h.tld), NULL), 'username', h.username,
  'status', CASE o.status WHEN 'pending_setup' THEN 'pending' WHEN 'failed_setup' THEN 'pending'
    WHEN 'failed_renew' THEN 'active' WHEN 'canceled' THEN 'cancelled' ELSE o.status END,
  'billing_cycle', CASE WHEN COALESCE(o.period, '') = '' THEN IF(COALESCE(o.price, 0) = 0, 'free', 'one_time')
    ELSE CASE o.period WHEN '1M' THEN 'monthly' WHEN '3M' THEN 'quarterly' WHEN '6M' THEN 'semi_annually'
      WHEN '12M' THEN 'annually' WHEN '1Y' THEN 'annually' WHEN '2Y' THEN 'biennially' WHEN '3Y' THEN 'triennially'
      ELSE o.period END END,
  'amount', CAST(CAST(COALESCE(o.price, 0) * COALESCE(o.quantity, 1) AS DECIMAL(18, 2)) AS CHAR),
  'currency_code', o.currency, 'quantity', COALESCE(o.quantity, 1),
  'order_id', CONCAT(o.client_id, '-', COALESCE(NULLIF(o.group_id, ''), o.id)),
  'next_due_date', DATE(NULLIF(o.expires_at, 0)),
  'registration_date', DATE(NULLIF(o.activated_at, 0)),
  'suspended_at', IF(o.status = 'suspended', DATE_FORMAT(CONVERT_TZ(NULLIF(o.suspended_at, 0), @zone, '+00:00'), @time), NULL),
  'cancelled_at', DATE_FORMAT(CONVERT_TZ(NULLIF(o.canceled_at, 0), @zone, '+00:00'), @time),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(o.created_at, 0), @zone, '+00:00'), @time))
FROM client_order o
JOIN client c ON c.id = o.client_id AND c.email <> ''
LEFT JOIN product p ON p.id = o.product_id
LEFT JOIN service_hosting h ON o.service_type = 'hosting' AND h.id = o.service_id
WHERE COALESCE(o.service_type, '') <> 'domain'
ORDER BY o.id;

SELECT JSON_OBJECT(
  'type', 'domain', 'external_id', o.id, 'client', o.client_id,
  'domain_name', CONCAT(d.sld, d.tld), 'tld', TRIM(LEADING '.' FROM d.tld),
  'status', CASE o.status WHEN 'pending_setup' THEN IF(d.action = 'transfer', 'pending_transfer', 'pending')
    WHEN 'failed_setup' THEN IF(d.action = 'transfer', 'pending_transfer', 'pending') WHEN 'failed_renew' THEN 'active'
    WHEN 'suspended' THEN 'expired' WHEN 'canceled' THEN 'cancelled' ELSE o.status END,
  'amount', CAST(CAST(COALESCE(o.price, 0) * COALESCE(o.quantity, 1) AS DECIMAL(18, 2)) AS CHAR),
  'currency_code', o.currency,
  'auto_renew', JSON_EXTRACT(IF(o.invoice_option = 'issue-invoice', 'true', 'false'), '$'),
  'whois_privacy', JSON_EXTRACT(IF(d.privacy = 1, 'true', 'false'), '$'),
  'is_locked', JSON_EXTRACT(IF(d.locked = 1, 'true', 'false'), '$'),
  'ns1', d.ns1, 'ns2', d.ns2, 'ns3', d.ns3, 'ns4', d.ns4,
  'registration_date', DATE(NULLIF(d.registered_at, 0)),
  'expiry_date', DATE(NULLIF(d.expires_at, 0)),
  'next_due_date', DATE(NULLIF(o.expires_at, 0)),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(o.created_at, 0), @zone, '+00:00'), @time))
FROM client_order o
JOIN client c ON c.id = o.client_id AND c.email <> ''
JOIN service_domain d ON d.id = o.service_id
WHERE o.service_type = 'domain'
ORDER BY o.id;

-- The tax is what FOSSBilling computes: of one piece, rounded to two places, times the quantity.
SELECT JSON_OBJECT(
  'type', 'invoice', 'external_id', i.id, 'client', i.client_id,
  'invoice_number', CONCAT(COALESCE(i.serie, ''), LPAD(COALESCE(NULLIF(i.nr, ''), i.id), GREATEST(5, CHAR_LENGTH(COALESCE(NULLIF(i.nr, ''), i.id))), '0')),
  'status', CASE i.status WHEN 'canceled' THEN 'cancelled' ELSE i.status END, 'currency_code', i.currency,
  'subtotal', CAST(COALESCE(sums.subtotal, 0.00) AS CHAR), 'tax', CAST(COALESCE(sums.tax, 0.00) AS CHAR),
  'total', CAST(COALESCE(sums.subtotal + sums.tax, 0.00) AS CHAR),
  'amount_paid', CAST(IF(i.status = 'paid', COALESCE(sums.subtotal + sums.tax, 0.00), 0.00) AS CHAR),
  'issue_date', DATE(i.created_at), 'due_date', DATE(NULLIF(i.due_at, 0)),
  'paid_at', DATE_FORMAT(CONVERT_TZ(NULLIF(i.paid_at, 0), @zone, '+00:00'), @time),
  'created_at', DATE_FORMAT(CONVERT_TZ(i.created_at, @zone, '+00:00'), @time),
  'notes', NULLIF(CONCAT_WS('\n', NULLIF(i.text_1, ''), NULLIF(i.text_2, '')), ''),
  'pay_url', IF(@portal <> '' AND i.status = 'unpaid', CONCAT(@portal, '/invoice/', i.hash), NULL),
  'seller', JSON_OBJECT('company', i.seller_company, 'address1', REPLACE(REPLACE(i.seller_address, '\r', ''), '\n', ', '),
    'tax_id', i.seller_company_vat),
  'buyer', JSON_OBJECT('name', TRIM(CONCAT_WS(' ', i.buyer_first_name, i.buyer_last_name)), 'company', i.buyer_company,
    'address1', REPLACE(REPLACE(i.buyer_address, '\r', ''), '\n', ', '), 'city', i.buyer_city, 'state', i.buyer_state,
    'postcode', i.buyer_zip, 'country', IF(i.buyer_country REGEXP '^[A-Za-z]{2}$', i.buyer_country, NULL),
    'tax_id', i.buyer_company_vat),
  'items', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'description', it.title, 'quantity', COALESCE(it.quantity, 1), 'unit_amount', CAST(CAST(it.price AS DECIMAL(18, 2)) AS CHAR),
      'amount', CAST(CAST(it.price AS DECIMAL(18, 2)) * COALESCE(it.quantity, 1) AS CHAR),
      'tax', CAST(IF(it.taxed, ROUND(CAST(it.price AS DECIMAL(18, 2)) * CAST(i.taxrate AS DECIMAL(9, 4)) / 100, 2) * COALESCE(it.quantity, 1), NULL) AS CHAR),
      'service_id', IF(o.service_type = 'domain', NULL, o.id),
      'domain_id', IF(o.service_type = 'domain' AND EXISTS (SELECT 1 FROM service_domain d WHERE d.id = o.service_id), o.id, NULL))
      ORDER BY it.id SEPARATOR ',')
    FROM invoice_item it
    LEFT JOIN client_order o ON it.type = 'order' AND o.id = CAST(it.rel_id AS UNSIGNED) AND o.client_id = i.client_id
    WHERE it.invoice_id = i.id), ''), ']'), '$'),
  'taxes', JSON_EXTRACT(CONCAT('[', IF(CAST(i.taxrate AS DECIMAL(9, 4)) > 0 AND sums.taxable IS NOT NULL, JSON_OBJECT(
    'name', COALESCE(NULLIF(i.taxname, ''), 'Tax'), 'rate', TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(CAST(i.taxrate AS DECIMAL(9, 4)) AS CHAR))),
    'taxable_amount', CAST(sums.taxable AS CHAR), 'amount', CAST(sums.tax AS CHAR)), ''), ']'), '$'),
  'payments', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'date', DATE(t.created_at), 'amount', CAST(CAST(t.amount AS DECIMAL(18, 2)) AS CHAR),
      'method', COALESCE(NULLIF(g.name, ''), NULLIF(g.gateway, ''), 'Other'), 'status', 'completed') ORDER BY t.id SEPARATOR ',')
    FROM `transaction` t
    LEFT JOIN pay_gateway g ON g.id = t.gateway_id
    WHERE t.invoice_id = i.id AND t.status = 'processed' AND t.currency = i.currency AND t.amount <> ''), ''), ']'), '$'))
FROM invoice i
JOIN client c ON c.id = i.client_id AND c.email <> ''
LEFT JOIN (
  SELECT it.invoice_id, SUM(CAST(it.price AS DECIMAL(18, 2)) * COALESCE(it.quantity, 1)) AS subtotal,
    SUM(IF(it.taxed, CAST(it.price AS DECIMAL(18, 2)) * COALESCE(it.quantity, 1), NULL)) AS taxable,
    COALESCE(SUM(IF(it.taxed, ROUND(CAST(it.price AS DECIMAL(18, 2)) * CAST(i.taxrate AS DECIMAL(9, 4)) / 100, 2) * COALESCE(it.quantity, 1), NULL)), 0.00) AS tax
  FROM invoice_item it JOIN invoice i ON i.id = it.invoice_id GROUP BY it.invoice_id) AS sums ON sums.invoice_id = i.id
WHERE i.approved = 1
ORDER BY i.id;

SELECT JSON_OBJECT(
  'type', 'order', 'external_id', CONCAT(o.client_id, '-', COALESCE(NULLIF(o.group_id, ''), o.id)), 'client', o.client_id,
  'order_number', CAST(MIN(o.id) AS CHAR),
  'status', CASE WHEN SUM(o.status IN ('active', 'suspended', 'failed_renew')) > 0 THEN 'active'
    WHEN SUM(o.status IN ('pending_setup', 'failed_setup')) > 0 THEN 'pending' ELSE 'cancelled' END,
  'currency_code', MIN(o.currency),
  'subtotal', CAST(SUM(CAST(COALESCE(o.price, 0) AS DECIMAL(18, 2)) * COALESCE(o.quantity, 1)) AS CHAR),
  'discount', CAST(SUM(CAST(COALESCE(o.discount, 0) AS DECIMAL(18, 2))) AS CHAR),
  'total', CAST(SUM(CAST(COALESCE(o.price, 0) AS DECIMAL(18, 2)) * COALESCE(o.quantity, 1) - CAST(COALESCE(o.discount, 0) AS DECIMAL(18, 2))) AS CHAR),
  'promo_code', MIN(pr.code),
  'created_at', DATE_FORMAT(CONVERT_TZ(MIN(NULLIF(o.created_at, 0)), @zone, '+00:00'), @time),
  'items', JSON_EXTRACT(CONCAT('[', GROUP_CONCAT(JSON_OBJECT(
    'product_name', COALESCE(NULLIF(o.title, ''), NULLIF(p.title, ''), 'Product'),
    'billing_cycle', CASE WHEN COALESCE(o.period, '') = '' THEN IF(COALESCE(o.price, 0) = 0, 'free', 'one_time')
      ELSE CASE o.period WHEN '1M' THEN 'monthly' WHEN '3M' THEN 'quarterly' WHEN '6M' THEN 'semi_annually'
        WHEN '12M' THEN 'annually' WHEN '1Y' THEN 'annually' WHEN '2Y' THEN 'biennially' WHEN '3Y' THEN 'triennially'
        ELSE IF(o.service_type = 'domain', 'one_time', o.period) END END,
    'quantity', COALESCE(o.quantity, 1), 'price', CAST(CAST(COALESCE(o.price, 0) AS DECIMAL(18, 2)) AS CHAR),
    'domain', IF(d.id IS NOT NULL, CONCAT(d.sld, d.tld), NULL),
    'service_id', IF(o.service_type = 'domain', NULL, o.id), 'domain_id', IF(d.id IS NOT NULL, o.id, NULL))
    ORDER BY o.id SEPARATOR ','), ']'), '$'))
FROM client_order o
JOIN client c ON c.id = o.client_id AND c.email <> ''
LEFT JOIN product p ON p.id = o.product_id
LEFT JOIN promo pr ON pr.id = o.promo_id
LEFT JOIN service_domain d ON o.service_type = 'domain' AND d.id = o.service_id
GROUP BY o.client_id, COALESCE(NULLIF(o.group_id, ''), o.id)
ORDER BY MIN(o.id);

COMMIT;
