-- From WHMCS 8 to lines that `opentill import` takes. README.md says how to run it and what it leaves out.
-- Written after what its developer documentation and open modules say of its tables; never run on an installation.

SET NAMES utf8mb4;
SET SESSION sql_mode = ''; -- zero dates are compared, not refused
SET SESSION group_concat_max_len = 16777216;
SET @zone = '+00:00';      -- of the times: that of PHP, as an offset, or by name if the server knows names
SET @portal = '';          -- with 'https://billing.example.com', "Pay now" leads there
SET @time = '%Y-%m-%dT%TZ';
START TRANSACTION WITH CONSISTENT SNAPSHOT;

SELECT 'whmcs.sql: the server does not know the time zone in @zone' FROM DUAL
WHERE CONVERT_TZ('2026-01-01', @zone, '+00:00') IS NULL;

-- WHMCS keeps texts as HTML, so `O'Brien & Sons` is `O&#039;Brien &amp; Sons` there. The ampersand is last: nothing is read twice.
SELECT REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(line, '&#039;', ''''), '&quot;', '\\"'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&')
FROM (

SELECT JSON_OBJECT(
  'type', 'client', 'external_id', c.id, 'email', c.email,
  'name', COALESCE(NULLIF(TRIM(CONCAT_WS(' ', c.firstname, c.lastname)), ''), NULLIF(c.companyname, ''), c.email),
  'company', c.companyname, 'phone', c.phonenumber, 'address1', c.address1, 'address2', c.address2, 'city', c.city,
  'state', c.state, 'postcode', c.postcode, 'country', c.country, 'currency_code', cu.code,
  'status', IF(c.status = 'Closed', 'closed', 'active'),
  'password_hash', IF(u.password LIKE '$2_$%' OR u.password LIKE '$argon2id$%', u.password, NULL),
  'created_at', CONCAT(NULLIF(c.datecreated, 0), 'T00:00:00Z')) AS line
FROM tblclients c
JOIN tblcurrencies cu ON cu.id = c.currency
LEFT JOIN tblusers u ON u.email = c.email
  AND u.id IN (SELECT m.auth_user_id FROM tblusers_clients m WHERE m.client_id = c.id AND m.owner = 1)

UNION ALL SELECT JSON_OBJECT(
  'type', 'service', 'external_id', s.id, 'client', s.userid, 'name', COALESCE(NULLIF(p.name, ''), NULLIF(s.domain, ''), 'Service'),
  'product_name', COALESCE(NULLIF(p.name, ''), 'Service'), 'domain', s.domain, 'username', s.username,
  'status', CASE s.domainstatus WHEN 'Fraud' THEN 'cancelled' WHEN 'Completed' THEN 'terminated' ELSE LOWER(s.domainstatus) END,
  'billing_cycle', CASE s.billingcycle WHEN 'Free Account' THEN 'free' ELSE LOWER(REPLACE(REPLACE(s.billingcycle, '-', '_'), ' ', '_')) END,
  'amount', CAST(IF(s.billingcycle = 'One Time', s.firstpaymentamount, s.amount) AS CHAR), 'currency_code', cu.code,
  'order_id', o.id, 'next_due_date', NULLIF(s.nextduedate, 0), 'registration_date', NULLIF(s.regdate, 0),
  'cancelled_at', CONCAT(NULLIF(s.termination_date, 0), 'T00:00:00Z'), 'created_at', CONCAT(NULLIF(s.regdate, 0), 'T00:00:00Z'))
FROM tblhosting s
JOIN tblclients c ON c.id = s.userid
JOIN tblcurrencies cu ON cu.id = c.currency
LEFT JOIN tblproducts p ON p.id = s.packageid
LEFT JOIN tblorders o ON o.id = s.orderid AND o.userid = s.userid

UNION ALL SELECT JSON_OBJECT(
  'type', 'service', 'external_id', CONCAT('addon-', a.id), 'client', s.userid,
  'name', COALESCE(NULLIF(a.name, ''), NULLIF(d.name, ''), 'Addon'), 'product_name', COALESCE(NULLIF(d.name, ''), NULLIF(a.name, ''), 'Addon'),
  'domain', s.domain,
  'status', CASE a.status WHEN 'Fraud' THEN 'cancelled' WHEN 'Completed' THEN 'terminated' ELSE LOWER(a.status) END,
  'billing_cycle', CASE a.billingcycle WHEN 'Free Account' THEN 'free' ELSE LOWER(REPLACE(REPLACE(a.billingcycle, '-', '_'), ' ', '_')) END,
  'amount', CAST(a.recurring AS CHAR), 'currency_code', cu.code,
  'order_id', o.id, 'next_due_date', NULLIF(a.nextduedate, 0), 'registration_date', NULLIF(a.regdate, 0),
  'created_at', CONCAT(NULLIF(a.regdate, 0), 'T00:00:00Z'))
FROM tblhostingaddons a
JOIN tblhosting s ON s.id = a.hostingid
JOIN tblclients c ON c.id = s.userid
JOIN tblcurrencies cu ON cu.id = c.currency
LEFT JOIN tbladdons d ON d.id = a.addonid
LEFT JOIN tblorders o ON o.id = a.orderid AND o.userid = s.userid

UNION ALL SELECT JSON_OBJECT(
  'type', 'domain', 'external_id', d.id, 'client', d.userid, 'domain_name', d.domain,
  'status', CASE d.status WHEN 'Pending Registration' THEN 'pending' WHEN 'Grace' THEN 'expired' WHEN 'Fraud' THEN 'cancelled'
    ELSE LOWER(REPLACE(d.status, ' ', '_')) END,
  'amount', CAST(d.recurringamount AS CHAR), 'currency_code', cu.code,
  'auto_renew', JSON_EXTRACT(IF(COALESCE(d.donotrenew, 0) = 0, 'true', 'false'), '$'),
  'whois_privacy', JSON_EXTRACT(IF(d.idprotection = 1, 'true', 'false'), '$'),
  'registration_date', NULLIF(d.registrationdate, 0), 'expiry_date', NULLIF(d.expirydate, 0),
  'next_due_date', NULLIF(d.nextduedate, 0), 'created_at', CONCAT(NULLIF(d.registrationdate, 0), 'T00:00:00Z'))
FROM tbldomains d
JOIN tblclients c ON c.id = d.userid
JOIN tblcurrencies cu ON cu.id = c.currency

-- WHMCS takes the credit out of the total; here it stands beside it.
UNION ALL SELECT JSON_OBJECT(
  'type', 'invoice', 'external_id', i.id, 'client', i.userid, 'invoice_number', COALESCE(NULLIF(i.invoicenum, ''), i.id),
  'status', CASE WHEN i.status IN ('Collections', 'Payment Pending') THEN 'unpaid' ELSE LOWER(i.status) END,
  'currency_code', cu.code, 'subtotal', CAST(i.subtotal AS CHAR), 'tax', CAST(i.tax + i.tax2 AS CHAR),
  'total', CAST(i.total + i.credit AS CHAR), 'credit_applied', CAST(i.credit AS CHAR),
  'amount_paid', CAST(COALESCE((SELECT SUM(t.amountin - t.amountout) FROM tblaccounts t WHERE t.invoiceid = i.id), 0.00) AS CHAR),
  'issue_date', i.date, 'due_date', NULLIF(i.duedate, 0),
  'paid_at', DATE_FORMAT(CONVERT_TZ(NULLIF(i.datepaid, 0), @zone, '+00:00'), @time),
  'created_at', CONCAT(i.date, 'T00:00:00Z'), 'notes', i.notes,
  'pay_url', IF(@portal <> '' AND i.status IN ('Unpaid', 'Collections'), CONCAT(@portal, '/viewinvoice.php?id=', i.id), NULL),
  'seller', JSON_OBJECT('company', (SELECT MIN(value) FROM tblconfiguration WHERE setting = 'CompanyName')),
  'buyer', JSON_OBJECT('name', TRIM(CONCAT_WS(' ', c.firstname, c.lastname)), 'company', c.companyname, 'address1', c.address1,
    'address2', c.address2, 'city', c.city, 'state', c.state, 'postcode', c.postcode, 'country', c.country, 'tax_id', c.tax_id),
  'items', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'description', it.description, 'amount', CAST(it.amount AS CHAR),
      'service_id', COALESCE(s.id, CONCAT('addon-', a.id)), 'domain_id', d.id) ORDER BY it.id SEPARATOR ',')
    FROM tblinvoiceitems it
    LEFT JOIN tblhosting s ON it.type IN ('Hosting', 'PromoHosting') AND s.id = it.relid AND s.userid = i.userid
    LEFT JOIN (tblhostingaddons a JOIN tblhosting h ON h.id = a.hostingid)
      ON it.type = 'Addon' AND a.id = it.relid AND h.userid = i.userid
    LEFT JOIN tbldomains d ON it.type IN ('Domain', 'DomainRegister', 'DomainTransfer', 'PromoDomain') AND d.id = it.relid
      AND d.userid = i.userid
    WHERE it.invoiceid = i.id), ''), ']'), '$'),
  'taxes', JSON_EXTRACT(CONCAT('[', CONCAT_WS(',',
    IF(i.taxrate > 0, JSON_OBJECT('name', 'Tax', 'rate', CAST(i.taxrate AS CHAR), 'taxable_amount', CAST(i.subtotal AS CHAR),
      'amount', CAST(i.tax AS CHAR)), NULL),
    IF(i.taxrate2 > 0, JSON_OBJECT('name', 'Tax 2', 'rate', CAST(i.taxrate2 AS CHAR), 'taxable_amount', CAST(i.subtotal AS CHAR),
      'amount', CAST(i.tax2 AS CHAR)), NULL)), ']'), '$'),
  'payments', JSON_EXTRACT(CONCAT('[', COALESCE((
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'date', DATE(t.date), 'amount', CAST(IF(t.amountout > 0, t.amountout, t.amountin) AS CHAR),
      'method', COALESCE(NULLIF(g.value, ''), NULLIF(t.gateway, ''), 'Other'),
      'status', IF(t.amountout > 0, 'refunded', 'completed')) ORDER BY t.id SEPARATOR ',')
    FROM tblaccounts t
    LEFT JOIN tblpaymentgateways g ON g.gateway = t.gateway AND g.setting = 'name'
    WHERE t.invoiceid = i.id), ''), ']'), '$'))
FROM tblinvoices i
JOIN tblclients c ON c.id = i.userid
JOIN tblcurrencies cu ON cu.id = c.currency
WHERE i.status <> 'Draft'

UNION ALL SELECT JSON_OBJECT(
  'type', 'order', 'external_id', o.id, 'client', o.userid, 'order_number', CAST(o.ordernum AS CHAR), 'status', LOWER(o.status),
  'currency_code', cu.code, 'total', CAST(o.amount AS CHAR), 'invoice_id', i.id, 'promo_code', o.promocode,
  'payment_method', COALESCE(NULLIF(g.value, ''), o.paymentmethod),
  'created_at', DATE_FORMAT(CONVERT_TZ(NULLIF(o.date, 0), @zone, '+00:00'), @time),
  'items', JSON_EXTRACT(CONCAT('[', CONCAT_WS(',', (
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'product_name', COALESCE(NULLIF(p.name, ''), 'Service'),
      'billing_cycle', CASE s.billingcycle WHEN 'Free Account' THEN 'free' ELSE LOWER(REPLACE(REPLACE(s.billingcycle, '-', '_'), ' ', '_')) END,
      'price', CAST(s.firstpaymentamount AS CHAR), 'domain', s.domain, 'service_id', s.id) ORDER BY s.id SEPARATOR ',')
    FROM tblhosting s LEFT JOIN tblproducts p ON p.id = s.packageid WHERE s.orderid = o.id AND s.userid = o.userid), (
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'product_name', COALESCE(NULLIF(a.name, ''), NULLIF(d.name, ''), 'Addon'),
      'billing_cycle', CASE a.billingcycle WHEN 'Free Account' THEN 'free' ELSE LOWER(REPLACE(REPLACE(a.billingcycle, '-', '_'), ' ', '_')) END,
      'price', CAST(a.recurring AS CHAR), 'setup_fee', CAST(a.setupfee AS CHAR), 'domain', s.domain,
      'service_id', CONCAT('addon-', a.id)) ORDER BY a.id SEPARATOR ',')
    FROM tblhostingaddons a JOIN tblhosting s ON s.id = a.hostingid LEFT JOIN tbladdons d ON d.id = a.addonid
    WHERE a.orderid = o.id AND s.userid = o.userid), (
    SELECT GROUP_CONCAT(JSON_OBJECT(
      'product_name', 'Domain',
      'billing_cycle', CASE d.registrationperiod WHEN 1 THEN 'annually' WHEN 2 THEN 'biennially' WHEN 3 THEN 'triennially' ELSE 'one_time' END,
      'price', CAST(d.firstpaymentamount AS CHAR), 'domain', d.domain, 'domain_id', d.id) ORDER BY d.id SEPARATOR ',')
    FROM tbldomains d WHERE d.orderid = o.id AND d.userid = o.userid)), ']'), '$'))
FROM tblorders o
JOIN tblclients c ON c.id = o.userid
JOIN tblcurrencies cu ON cu.id = c.currency
LEFT JOIN tblinvoices i ON i.id = o.invoiceid AND i.userid = o.userid AND i.status <> 'Draft'
LEFT JOIN tblpaymentgateways g ON g.gateway = o.paymentmethod AND g.setting = 'name'

) AS lines_of_all;

COMMIT;
