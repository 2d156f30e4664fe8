-- Tables of our own with the columns of Paymenter that the recipe reads, and rows that are awkward.
CREATE TABLE users (id BIGINT UNSIGNED PRIMARY KEY, first_name VARCHAR(255), last_name VARCHAR(255), email VARCHAR(255) NOT NULL,
  password VARCHAR(255) NOT NULL, role_id BIGINT UNSIGNED, tfa_secret TEXT, created_at TIMESTAMP NULL);
CREATE TABLE properties (id BIGINT UNSIGNED PRIMARY KEY, `key` VARCHAR(255) NOT NULL, model_type VARCHAR(255) NOT NULL,
  model_id BIGINT UNSIGNED NOT NULL, value TEXT);
CREATE TABLE products (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(255) NOT NULL);
CREATE TABLE plans (id BIGINT UNSIGNED PRIMARY KEY, type VARCHAR(255) NOT NULL, billing_period INT, billing_unit VARCHAR(255));
CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY, user_id BIGINT UNSIGNED NOT NULL, currency_code VARCHAR(3) NOT NULL, created_at TIMESTAMP NULL);
CREATE TABLE services (id BIGINT UNSIGNED PRIMARY KEY, status VARCHAR(20) NOT NULL, order_id BIGINT UNSIGNED, product_id BIGINT UNSIGNED,
  user_id BIGINT UNSIGNED NOT NULL, currency_code VARCHAR(3) NOT NULL, quantity INT NOT NULL DEFAULT 1, price DECIMAL(17, 2) NOT NULL,
  plan_id BIGINT UNSIGNED, expires_at TIMESTAMP NULL, created_at TIMESTAMP NULL);
CREATE TABLE invoices (id BIGINT UNSIGNED PRIMARY KEY, number VARCHAR(255), status VARCHAR(20) NOT NULL, due_at TIMESTAMP NULL,
  user_id BIGINT UNSIGNED NOT NULL, currency_code VARCHAR(3) NOT NULL, created_at TIMESTAMP NULL);
CREATE TABLE invoice_items (id BIGINT UNSIGNED PRIMARY KEY, invoice_id BIGINT UNSIGNED NOT NULL, quantity INT NOT NULL DEFAULT 1,
  price DECIMAL(17, 2) NOT NULL, description TEXT, reference_type VARCHAR(255), reference_id BIGINT UNSIGNED);
CREATE TABLE invoice_snapshots (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(255), properties JSON, tax_name VARCHAR(255),
  tax_rate DECIMAL(5, 2), bill_to TEXT, invoice_id BIGINT UNSIGNED NOT NULL);
CREATE TABLE extensions (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(255) NOT NULL);
CREATE TABLE invoice_transactions (id BIGINT UNSIGNED PRIMARY KEY, invoice_id BIGINT UNSIGNED NOT NULL, gateway_id BIGINT UNSIGNED,
  amount DECIMAL(17, 2) NOT NULL, fee DECIMAL(17, 2), transaction_id VARCHAR(255), status VARCHAR(20) NOT NULL,
  is_credit_transaction TINYINT(1) NOT NULL DEFAULT 0, created_at TIMESTAMP NULL);

INSERT INTO users VALUES
  (1, 'Zoë', 'Ünal', 'zoe@example.com', '$2y$04$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK', NULL, 'totp', '2026-01-02 03:04:05'),
  (2, NULL, NULL, 'none@example.com', '', NULL, NULL, NULL), (3, 'Staff', 'Member', 'staff@example.com', '', 1, NULL, NULL);
INSERT INTO properties VALUES
  (1, 'company_name', 'App\\Models\\User', 1, 'O''Brien & "Söhne" \\ 株式会社'), (2, 'country', 'App\\Models\\User', 1, 'Germany'),
  (3, 'city', 'App\\Models\\User', 1, 'Köln'), (4, 'city', 'App\\Models\\Service', 2, 'Elsewhere');
INSERT INTO products VALUES (1, 'Web "Pro" <b>');
INSERT INTO plans VALUES (1, 'recurring', 12, 'month'), (2, 'one-time', NULL, NULL), (3, 'free', NULL, NULL);
INSERT INTO orders VALUES (1, 1, 'JPY', '2026-01-02 03:04:05'), (2, 1, 'JPY', NULL), (3, 3, 'JPY', NULL);
INSERT INTO services VALUES
  (1, 'active', 1, 1, 1, 'JPY', 2, 1200.00, 1, '2027-01-02 00:00:00', '2026-01-02 03:04:05'),
  (2, 'cancelled', 1, NULL, 1, 'JPY', 1, 0.00, 3, NULL, NULL),
  (3, 'pending', 2, 1, 2, 'KWD', 1, 1.50, 2, '0000-00-00 00:00:00', NULL), (4, 'active', 3, 1, 3, 'JPY', 1, 1.00, 1, NULL, NULL);
INSERT INTO invoices VALUES
  (1, 'INV-0001', 'pending', '2026-01-09 00:00:00', 1, 'JPY', '2026-01-02 03:04:05'),
  (2, NULL, 'paid', NULL, 2, 'EUR', '2026-01-02 03:04:05'), (3, '', 'cancelled', '0000-00-00 00:00:00', 2, 'EUR', '2026-01-02 03:04:05'),
  (4, 'INV-0004', 'paid', NULL, 3, 'EUR', '2026-01-02 03:04:05');
INSERT INTO invoice_items VALUES
  (1, 1, 2, 1200.00, 'Web "Pro" \\ 日本\nTwo lines', 'App\\Models\\Service', 1), (2, 1, 1, -99.00, 'Credit', NULL, NULL),
  (3, 2, 3, 33.33, 'Typed by hand', 'App\\Models\\Service', 1), (4, 4, 1, 1.00, 'Of staff', NULL, NULL);
INSERT INTO invoice_snapshots VALUES
  (1, 'Old', NULL, NULL, NULL, NULL, 1),
  (2, 'Zoë Ünal', '{"address": "1 High St", "city": null, "country": "DE", "zip": "50667"}', 'VAT', 10.00, 'Hosting Ltd\r\n1 Road', 1),
  (3, 'Nobody', '{}', 'VAT', 21.00, 'Hosting Ltd', 2);
INSERT INTO extensions VALUES (1, 'Stripe');
INSERT INTO invoice_transactions VALUES
  (1, 1, NULL, 100.00, NULL, NULL, 'succeeded', 1, '2026-01-03 00:00:00'), (2, 1, 1, 5.00, NULL, 'pi_secret', 'failed', 0, '2026-01-03 00:00:00'),
  (3, 2, 1, 99.99, 0.30, 'pi_secret', 'succeeded', 0, '2026-01-04 05:06:07');
