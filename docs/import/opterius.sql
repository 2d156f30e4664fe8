-- From Opterius Commerce to lines that `opentill import` takes. README.md says how to run it and what it leaves out.
-- Written after the migrations of its public repository (tables of April 2026); never run on an installation.

SET NAMES utf8mb4;
SET SESSION sql_mode = ''; -- zero dates are compared, not refused
SET SESSION group_concat_max_len = 16777216;
SET @zone = '+00:00';      -- of the times: `timezone` in config/app.php, as an offset, or by name if the server knows names
SET @portal = '';          -- with 'https://billing.example.com', "Pay now" leads there
SET @time = '%Y-%m-%dT%TZ';
START TRANSACTION WITH CONSISTENT SNAPSHOT;

SELECT 'opterius.sql: the server does not know the time zone in @zone' FROM DUAL
WHERE CONVERT_TZ('2026-01-01', @zone, '+00:00') IS NULL;

SELECT JSON_OBJECT(
  'type', 'client', 'external_id', c.id, 'email', c.email,
  'name', COALESCE(NULLIF(TRIM(CONCAT(c.first_name, ' ', c.last_name)), ''), NULLIF(c.company_name, ''), c.email),
  'company', c.company_name, 'phone', c.phone, 'address1', c.address_1, 'address2', c.address_2, 'city', c.city,
  'state', c.state, 'postcode', c.postcode, 'country', c.country_code, 'currency_code', c.currency_code,
  'status', CASE c.status WHEN 'inactive' THEN 'suspended' ELSE c.status END,
  'password_hash', IF(c.password LIKE '$2_$%' OR c.password LIKE '$argon2id$%', c.password, NULL),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(c.created_at, 0), @zone, '+00:00'), @time))
FROM clients c ORDER BY c.id;

SELECT JSON_OBJECT(
  'type', 'service', 'external_id', s.id, 'client', s.client_id,
  'name', COALESCE(NULLIF(p.name, ''), NULLIF(s.domain, ''), 'Service'),
  'product_name', COALESCE(NULLIF(p.name, ''), 'Service'), 'domain', s.domain, 'username', s.username, 'status', s.status,
  'billing_cycle', CASE s.billing_cycle WHEN 'semi_annual' THEN 'semi_annually' WHEN 'annual' THEN 'annually'
    WHEN 'biennial' THEN 'biennially' WHEN 'triennial' THEN 'triennially' ELSE s.billing_cycle END,
  'amount', s.amount, 'currency_code', s.currency_code, 'order_id', o.id,
  'next_due_date', NULLIF(s.next_due_date, 0),
  'registration_date', NULLIF(s.registration_date, 0),
  'suspended_at', DATE_FORMAT(CONVERT_TZ(NULLIF(s.suspended_at, 0), @zone, '+00:00'), @time),
  'cancelled_at', DATE_FORMAT(CONVERT_TZ(NULLIF(s.cancelled_at, 0), @zone, '+00:00'), @time),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(s.created_at, 0), @zone, '+00:00'), @time))
FROM services s
JOIN clients c ON c.id = s.client_id
LEFT JOIN products p ON p.id = s.product_id
LEFT JOIN orders o ON o.id = s.order_id AND o.client_id = s.client_id
ORDER BY s.id;

SELECT JSON_OBJECT(
  'type', 'domain', 'external_id', d.id, 'client', d.client_id, 'domain_name', d.domain_name,
  'tld', TRIM(LEADING '.' FROM d.tld), 'status', CASE d.status WHEN 'fraud' THEN 'cancelled' ELSE d.status END,
  'amount', d.amount, 'currency_code', d.currency_code,
  'auto_renew', JSON_EXTRACT(IF(d.auto_renew, 'true', 'false'), '$'),
  'whois_privacy', JSON_EXTRACT(IF(d.whois_privacy, 'true', 'false'), '$'),
  'is_locked', JSON_EXTRACT(IF(d.is_locked, 'true', 'false'), '$'),
  'ns1', d.ns1, 'ns2', d.ns2, 'ns3', d.ns3, 'ns4', d.ns4,
  'registration_date', NULLIF(d.registration_date, 0),
  'expiry_date', NULLIF(d.expiry_date, 0),
  'next_due_date', NULLIF(d.next_due_date, 0),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(d.created_at, 0), @zone, '+00:00'), @time))
FROM domains d
JOIN clients c ON c.id = d.client_id
ORDER BY d.id;

-- Lines of invoices made from orders hold the whole amount, those typed by hand the amount of one: the sum tells which.
SELECT JSON_OBJECT(
  'type', 'invoice', 'external_id', i.id, 'client', i.client_id, 'invoice_number', i.invoice_number, 'status', i.status,
  'currency_code', i.currency_code, 'subtotal', i.subtotal, 'tax', i.tax, 'total', i.total,
  'discount', CAST(i.subtotal AS SIGNED) + CAST(i.tax AS SIGNED) - CAST(i.total AS SIGNED),
  'credit_applied', i.credit_applied, 'amount_paid', COALESCE(paid.amount, 0),
  'issue_date', DATE(i.created_at), 'due_date', NULLIF(i.due_date, 0),
  'paid_at', DATE_FORMAT(CONVERT_TZ(NULLIF(i.paid_date, 0), @zone, '+00:00'), @time),
  'created_at', DATE_FORMAT(CONVERT_TZ(i.created_at, @zone, '+00:00'), @time),
  'notes', i.notes, 'pay_url', IF(@portal <> '' AND i.status IN ('unpaid', 'overdue'), CONCAT(@portal, '/client/invoices/', i.id, '/pay'), NULL),
  'buyer', JSON_OBJECT(
    'name', TRIM(CONCAT(c.first_name, ' ', c.last_name)), 'company', c.company_name, 'address1', c.address_1,
    'address2', c.address_2, 'city', c.city, 'state', c.state, 'postcode', c.postcode, 'country', c.country_code,
    'tax_id', c.tax_id),
  'items', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'description', it.description, 'quantity', it.quantity,
      'amount', it.amount * IF(lines_of.plain = i.subtotal, 1, it.quantity), 'tax', it.tax_amount,
      'service_id', s.id, 'domain_id', d.id) ORDER BY it.id SEPARATOR ',')
    FROM invoice_items it
    LEFT JOIN services s ON s.id = it.service_id AND s.client_id = i.client_id
    LEFT JOIN domains d ON d.id = it.domain_id AND d.client_id = i.client_id
    WHERE it.invoice_id = i.id), ''), ']'), '$'),
  'payments', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'date', DATE(p.created_at), 'amount', p.amount, 'method', COALESCE(NULLIF(p.method, ''), p.gateway),
      'status', p.status, 'reference', IF(p.gateway = 'manual', p.transaction_id, NULL)) ORDER BY p.id SEPARATOR ',')
    FROM payments p
    WHERE p.invoice_id = i.id AND p.currency_code = i.currency_code), ''), ']'), '$'))
FROM invoices i
JOIN clients c ON c.id = i.client_id
LEFT JOIN (SELECT invoice_id, SUM(amount) AS plain FROM invoice_items GROUP BY invoice_id) AS lines_of
  ON lines_of.invoice_id = i.id
LEFT JOIN (
  SELECT p.invoice_id, SUM(p.amount) AS amount FROM payments p JOIN invoices i ON i.id = p.invoice_id
  WHERE p.status = 'completed' AND p.currency_code = i.currency_code GROUP BY p.invoice_id) AS paid
  ON paid.invoice_id = i.id
WHERE i.status <> 'draft'
ORDER BY i.id;

SELECT JSON_OBJECT(
  'type', 'credit_note', 'external_id', CONCAT('credit-note-', n.id), 'client', i.client_id, 'status', 'paid',
  'currency_code', n.currency_code, 'total', -CAST(n.amount AS SIGNED), 'issue_date', DATE(n.created_at),
  'created_at', DATE_FORMAT(CONVERT_TZ(n.created_at, @zone, '+00:00'), @time),
  'related_invoice_id', IF(i.status = 'draft', NULL, i.id), 'notes', n.reason)
FROM credit_notes n
JOIN invoices i ON i.id = n.invoice_id
JOIN clients c ON c.id = i.client_id
ORDER BY n.id;

SELECT JSON_OBJECT(
  'type', 'order', 'external_id', o.id, 'client', o.client_id, 'order_number', CAST(o.id AS CHAR), 'status', o.status,
  'currency_code', o.currency_code, 'subtotal', o.subtotal, 'discount', o.discount, 'total', o.total,
  'invoice_id', i.id, 'promo_code', pc.code,
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(o.created_at, 0), @zone, '+00:00'), @time),
  'items', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'product_name', COALESCE(NULLIF(p.name, ''), NULLIF(it.domain, ''), 'Product'),
      'billing_cycle', CASE it.billing_cycle WHEN 'semi_annual' THEN 'semi_annually' WHEN 'annual' THEN 'annually'
        WHEN 'biennial' THEN 'biennially' WHEN 'triennial' THEN 'triennially' WHEN '1year' THEN 'annually'
        WHEN '2year' THEN 'biennially' WHEN '3year' THEN 'triennially' WHEN '5year' THEN 'one_time'
        WHEN '10year' THEN 'one_time' ELSE it.billing_cycle END,
      'quantity', it.qty, 'price', it.price, 'setup_fee', it.setup_fee, 'domain', it.domain,
      'service_id', (SELECT MIN(s.id) FROM services s WHERE s.order_item_id = it.id AND s.client_id = o.client_id),
      'domain_id', (SELECT MIN(d.id) FROM domains d WHERE d.order_item_id = it.id AND d.client_id = o.client_id))
      ORDER BY it.id SEPARATOR ',')
    FROM order_items it
    LEFT JOIN products p ON p.id = it.product_id
    WHERE it.order_id = o.id), ''), ']'), '$'))
FROM orders o
JOIN clients c ON c.id = o.client_id
LEFT JOIN invoices i ON i.id = o.invoice_id AND i.client_id = o.client_id AND i.status <> 'draft'
LEFT JOIN promo_codes pc ON pc.id = o.promo_code_id
ORDER BY o.id;

COMMIT;
