-- Tables of our own with the columns of Opterius Commerce that the recipe reads, and rows that are awkward.
CREATE TABLE clients (id BIGINT UNSIGNED PRIMARY KEY, company_name VARCHAR(255), first_name VARCHAR(255) NOT NULL,
  last_name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL, password VARCHAR(255) NOT NULL, phone VARCHAR(50),
  address_1 VARCHAR(255), address_2 VARCHAR(255), city VARCHAR(100), state VARCHAR(100), postcode VARCHAR(20),
  country_code CHAR(2), tax_id VARCHAR(50), currency_code CHAR(3) NOT NULL DEFAULT 'USD',
  status VARCHAR(20) NOT NULL DEFAULT 'active', created_at TIMESTAMP NULL);
CREATE TABLE products (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(255) NOT NULL);
CREATE TABLE promo_codes (id BIGINT UNSIGNED PRIMARY KEY, code VARCHAR(50) NOT NULL);
CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY, client_id BIGINT UNSIGNED NOT NULL, promo_code_id BIGINT UNSIGNED,
  invoice_id BIGINT UNSIGNED, status ENUM('pending', 'active', 'fraud', 'cancelled') NOT NULL, currency_code CHAR(3) NOT NULL,
  subtotal BIGINT UNSIGNED NOT NULL, discount BIGINT UNSIGNED NOT NULL DEFAULT 0, total BIGINT UNSIGNED NOT NULL, created_at TIMESTAMP NULL);
CREATE TABLE order_items (id BIGINT UNSIGNED PRIMARY KEY, order_id BIGINT UNSIGNED NOT NULL, product_id BIGINT UNSIGNED,
  billing_cycle VARCHAR(20) NOT NULL, qty TINYINT UNSIGNED NOT NULL DEFAULT 1, price BIGINT UNSIGNED NOT NULL,
  setup_fee BIGINT UNSIGNED NOT NULL DEFAULT 0, domain VARCHAR(255));
CREATE TABLE services (id BIGINT UNSIGNED PRIMARY KEY, client_id BIGINT UNSIGNED NOT NULL, product_id BIGINT UNSIGNED,
  order_id BIGINT UNSIGNED, order_item_id BIGINT UNSIGNED,
  status ENUM('pending', 'active', 'suspended', 'terminated', 'cancelled') NOT NULL, domain VARCHAR(255), username VARCHAR(100),
  billing_cycle VARCHAR(20) NOT NULL, amount BIGINT UNSIGNED NOT NULL, currency_code CHAR(3) NOT NULL, next_due_date DATE,
  registration_date DATE, suspended_at TIMESTAMP NULL, cancelled_at TIMESTAMP NULL, created_at TIMESTAMP NULL);
CREATE TABLE domains (id BIGINT UNSIGNED PRIMARY KEY, client_id BIGINT UNSIGNED NOT NULL, order_item_id BIGINT UNSIGNED,
  domain_name VARCHAR(255) NOT NULL, tld VARCHAR(30) NOT NULL, status VARCHAR(20) NOT NULL, registration_date DATE, expiry_date DATE,
  auto_renew TINYINT(1) NOT NULL, whois_privacy TINYINT(1) NOT NULL, is_locked TINYINT(1) NOT NULL, epp_code VARCHAR(255),
  ns1 VARCHAR(255), ns2 VARCHAR(255), ns3 VARCHAR(255), ns4 VARCHAR(255), amount BIGINT UNSIGNED NOT NULL,
  currency_code CHAR(3) NOT NULL, next_due_date DATE, created_at TIMESTAMP NULL);
CREATE TABLE invoices (id BIGINT UNSIGNED PRIMARY KEY, client_id BIGINT UNSIGNED NOT NULL, invoice_number VARCHAR(50) NOT NULL,
  status ENUM('draft', 'unpaid', 'paid', 'overdue', 'cancelled', 'refunded') NOT NULL, due_date DATE NOT NULL, paid_date TIMESTAMP NULL,
  subtotal BIGINT UNSIGNED NOT NULL, tax BIGINT UNSIGNED NOT NULL DEFAULT 0, total BIGINT UNSIGNED NOT NULL,
  credit_applied BIGINT UNSIGNED NOT NULL DEFAULT 0, currency_code CHAR(3) NOT NULL, notes TEXT, created_at TIMESTAMP NULL);
CREATE TABLE invoice_items (id BIGINT UNSIGNED PRIMARY KEY, invoice_id BIGINT UNSIGNED NOT NULL, service_id BIGINT UNSIGNED,
  domain_id BIGINT UNSIGNED, description VARCHAR(500) NOT NULL, amount BIGINT UNSIGNED NOT NULL,
  tax_amount BIGINT UNSIGNED NOT NULL DEFAULT 0, quantity TINYINT UNSIGNED NOT NULL DEFAULT 1);
CREATE TABLE payments (id BIGINT UNSIGNED PRIMARY KEY, invoice_id BIGINT UNSIGNED NOT NULL, gateway VARCHAR(50) NOT NULL,
  transaction_id VARCHAR(255), amount BIGINT UNSIGNED NOT NULL, currency_code CHAR(3) NOT NULL,
  status ENUM('pending', 'completed', 'failed', 'refunded') NOT NULL, method VARCHAR(50), created_at TIMESTAMP NULL);
CREATE TABLE credit_notes (id BIGINT UNSIGNED PRIMARY KEY, invoice_id BIGINT UNSIGNED NOT NULL, amount BIGINT UNSIGNED NOT NULL,
  currency_code CHAR(3) NOT NULL, reason TEXT, created_at TIMESTAMP NULL);

INSERT INTO clients VALUES
  (1, 'O''Brien & "Söhne" \\ 株式会社', 'Zoë', 'Ünal', 'zoe@example.com', '$2y$04$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK',
    '+1 555', '1 High St', NULL, 'Köln', '', '50667', 'DE', 'DE123', 'JPY', 'active', '2026-01-02 03:04:05'),
  (2, NULL, 'No', 'Address', 'none@example.com', 'md5-of-long-ago', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'KWD', 'inactive', NULL),
  (3, '', '', '', 'gone@example.com', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'USD', 'closed', '0000-00-00 00:00:00');
INSERT INTO products VALUES (1, 'Web "Pro" <b>');
INSERT INTO promo_codes VALUES (1, 'SAVE10');
INSERT INTO orders VALUES
  (1, 1, 1, 1, 'active', 'JPY', 1200, 200, 1000, '2026-01-02 03:04:05'), (2, 2, NULL, 99, 'fraud', 'KWD', 1500, 0, 1500, NULL);
INSERT INTO order_items VALUES (1, 1, 1, 'semi_annual', 1, 1200, 0, NULL), (2, 2, 98, '10year', 2, 750, 0, 'example.kw');
INSERT INTO services VALUES
  (1, 1, 1, 1, 1, 'active', 'example.jp', 'zoe', 'semi_annual', 1200, 'JPY', '2026-07-02', '2026-01-02', NULL, NULL, '2026-01-02 03:04:05'),
  (2, 2, NULL, 1, NULL, 'suspended', NULL, NULL, 'one_time', 1, 'KWD', '0000-00-00', NULL, '2026-02-03 04:05:06', NULL, NULL);
INSERT INTO domains VALUES
  (1, 2, 2, 'example.kw', '.kw', 'fraud', NULL, '0000-00-00', 1, 0, 1, 'secret-epp', 'ns1.example.net', NULL, NULL, NULL, 1500, 'KWD', NULL, NULL);
INSERT INTO invoices VALUES
  (1, 1, 'INV-2026-00001', 'paid', '2026-01-09', '2026-01-03 00:00:00', 1200, 0, 1000, 0, 'JPY', NULL, '2026-01-02 03:04:05'),
  (2, 1, 'INV-2026-00002', 'overdue', '2026-01-10', NULL, 600, 60, 660, 100, 'JPY', 'Reverse charge.\r\nTwo "lines" \\ ü 日本', '2026-01-03 03:04:05'),
  (3, 2, 'INV-2026-00003', 'draft', '2026-01-10', NULL, 1, 0, 1, 0, 'KWD', NULL, '2026-01-03 03:04:05');
INSERT INTO invoice_items VALUES
  (1, 1, 1, NULL, 'Web "Pro" — Semi annual', 1200, 0, 2), (2, 2, 2, 99, 'Typed by hand', 200, 60, 3), (3, 3, NULL, NULL, 'Draft', 1, 0, 1);
INSERT INTO payments VALUES
  (1, 1, 'stripe', 'pi_secret', 1000, 'JPY', 'completed', 'card', '2026-01-03 00:00:00'),
  (2, 2, 'manual', 'Wire 7', 50, 'JPY', 'completed', 'bank_transfer', '2026-01-04 00:00:00'),
  (3, 2, 'stripe', 'pi_other', 999, 'USD', 'completed', 'card', '2026-01-04 00:00:00'),
  (4, 2, 'stripe', 'pi_failed', 60, 'JPY', 'failed', NULL, '2026-01-04 00:00:00');
INSERT INTO credit_notes VALUES (1, 1, 300, 'JPY', 'Outage', '2026-01-05 00:00:00');
