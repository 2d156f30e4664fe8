-- Tables of our own with the columns of FOSSBilling that the recipe reads, and rows that are awkward.
CREATE TABLE client (id BIGINT PRIMARY KEY, email VARCHAR(255), pass VARCHAR(255), status VARCHAR(30), first_name VARCHAR(100),
  last_name VARCHAR(100), phone_cc VARCHAR(10), phone VARCHAR(100), company VARCHAR(100), address_1 VARCHAR(100),
  address_2 VARCHAR(100), city VARCHAR(100), state VARCHAR(100), postcode VARCHAR(100), country VARCHAR(100),
  currency VARCHAR(10), created_at DATETIME) DEFAULT CHARSET = utf8;
CREATE TABLE product (id BIGINT PRIMARY KEY, title VARCHAR(255)) DEFAULT CHARSET = utf8;
CREATE TABLE promo (id BIGINT PRIMARY KEY, code VARCHAR(100)) DEFAULT CHARSET = utf8;
CREATE TABLE client_order (id BIGINT PRIMARY KEY, client_id BIGINT, product_id BIGINT, promo_id BIGINT, group_id VARCHAR(255),
  invoice_option VARCHAR(255), title VARCHAR(255), currency VARCHAR(20), service_id BIGINT, service_type VARCHAR(100),
  period VARCHAR(20), quantity BIGINT DEFAULT 1, price DOUBLE(18, 2), discount DOUBLE(18, 2), status VARCHAR(50),
  expires_at DATETIME, activated_at DATETIME, suspended_at DATETIME, canceled_at DATETIME, created_at DATETIME) DEFAULT CHARSET = utf8;
CREATE TABLE service_hosting (id BIGINT PRIMARY KEY, sld VARCHAR(255), tld VARCHAR(255), username VARCHAR(255), pass VARCHAR(255)) DEFAULT CHARSET = utf8;
CREATE TABLE service_domain (id BIGINT PRIMARY KEY, sld VARCHAR(255), tld VARCHAR(100), ns1 VARCHAR(255), ns2 VARCHAR(255),
  ns3 VARCHAR(255), ns4 VARCHAR(255), privacy INT, locked TINYINT(1), transfer_code VARCHAR(255), action VARCHAR(30),
  registered_at DATETIME, expires_at DATETIME) DEFAULT CHARSET = utf8;
CREATE TABLE invoice (id BIGINT PRIMARY KEY, client_id BIGINT, serie VARCHAR(50), nr VARCHAR(255), hash VARCHAR(255),
  currency VARCHAR(25), notes TEXT, text_1 TEXT, text_2 TEXT, status VARCHAR(50), seller_company VARCHAR(255),
  seller_company_vat VARCHAR(255), seller_address VARCHAR(255), buyer_first_name VARCHAR(255), buyer_last_name VARCHAR(255),
  buyer_company VARCHAR(255), buyer_company_vat VARCHAR(255), buyer_address VARCHAR(255), buyer_city VARCHAR(255),
  buyer_state VARCHAR(255), buyer_country VARCHAR(255), buyer_zip VARCHAR(255), approved TINYINT(1) DEFAULT 0,
  taxname VARCHAR(255), taxrate VARCHAR(35), due_at DATETIME, paid_at DATETIME, created_at DATETIME) DEFAULT CHARSET = utf8;
CREATE TABLE invoice_item (id BIGINT PRIMARY KEY, invoice_id BIGINT, type VARCHAR(100), rel_id TEXT, title VARCHAR(255),
  quantity BIGINT, price DOUBLE(18, 2), taxed TINYINT(1) DEFAULT 0) DEFAULT CHARSET = utf8;
CREATE TABLE pay_gateway (id BIGINT PRIMARY KEY, name VARCHAR(255), gateway VARCHAR(255)) DEFAULT CHARSET = utf8;
CREATE TABLE `transaction` (id BIGINT PRIMARY KEY, invoice_id BIGINT, gateway_id INT, txn_id VARCHAR(255), amount VARCHAR(255),
  currency VARCHAR(10), status VARCHAR(255), ip VARCHAR(45), created_at DATETIME) DEFAULT CHARSET = utf8;

INSERT INTO client VALUES
  (1, 'zoe@example.com', '$2y$04$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK', 'active', 'Zoë', 'Ünal', '49', '221 1',
    'O''Brien & "Söhne" \\ 株式会社', '1 High St', NULL, 'Köln', '', '50667', 'DE', 'EUR', '2026-01-02 03:04:05'),
  (2, 'none@example.com', 'sha1-of-long-ago', 'canceled', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0000-00-00 00:00:00'),
  (3, NULL, NULL, 'active', 'No', 'Email', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO product VALUES (1, 'Web "Pro" <b>'), (2, 'Domain registration');
INSERT INTO promo VALUES (1, 'SAVE10');
INSERT INTO service_hosting VALUES (1, 'example', '.com', 'zoe', 'panel-password');
INSERT INTO service_domain VALUES (1, 'example', '.co.uk', 'ns1.example.net', NULL, '', NULL, 1, 0, 'secret-epp', 'register', '2026-01-02 00:00:00', '0000-00-00 00:00:00');
INSERT INTO client_order VALUES
  (1, 1, 1, 1, 'g1', 'no-invoice', 'Web "Pro"', 'EUR', 1, 'hosting', '1Y', 3, 0.10, 0.05, 'active', '2027-01-02 00:00:00', '2026-01-02 00:00:00', NULL, NULL, '2026-01-02 03:04:05'),
  (2, 1, 2, NULL, 'g1', 'issue-invoice', 'Domain example.co.uk registration', 'EUR', 1, 'domain', '5Y', 1, 12.34, NULL, 'suspended', '0000-00-00 00:00:00', NULL, NULL, NULL, '2026-01-02 03:04:05'),
  (3, 1, NULL, NULL, NULL, NULL, NULL, 'JPY', NULL, 'custom', NULL, NULL, 1200, NULL, 'canceled', NULL, NULL, NULL, '2026-02-03 04:05:06', NULL);
INSERT INTO invoice VALUES
  (1, 1, 'FOSS', '7', 'h1', 'EUR', 'Staff only', 'Thanks', 'Two\r\nlines', 'unpaid', 'Hosting Ltd', 'GB1', '1 Road\nTown', 'Zoë', 'Ünal',
    'O''Brien', 'DE123', '1 High St', 'Köln', '', 'Germany', '50667', 1, 'VAT', '19.00', '2026-01-09 00:00:00', NULL, '2026-01-02 03:04:05'),
  (2, 1, NULL, NULL, 'h2', 'JPY', NULL, 'Reverse charge', NULL, 'paid', NULL, NULL, NULL, NULL, NULL, NULL, 'DE123', NULL, NULL, NULL, 'DE', NULL,
    1, NULL, NULL, '0000-00-00 00:00:00', '2026-01-03 00:00:00', '2026-01-02 03:04:05'),
  (3, 1, 'FOSS', '1234567', 'h3', 'EUR', NULL, NULL, NULL, 'canceled', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    1, NULL, '', NULL, NULL, '2026-01-02 03:04:05'),
  (4, 1, 'FOSS', '9', 'h4', 'EUR', NULL, NULL, NULL, 'unpaid', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    0, NULL, NULL, NULL, NULL, '2026-01-02 03:04:05');
INSERT INTO invoice_item VALUES
  (1, 1, 'order', '1', 'Web "Pro" \\ 日本', 3, 0.10, 1), (2, 1, 'order', '2', 'example.co.uk', 1, 12.34, 1),
  (3, 1, 'custom', '1', 'Promotional Code: SAVE10', 1, -0.05, 0), (4, 2, 'order', '999', 'Gone', 1, 1200, 0), (5, 4, 'custom', NULL, 'Draft', 1, 1, 0);
INSERT INTO pay_gateway VALUES (1, NULL, 'PayPalEmail');
INSERT INTO `transaction` VALUES
  (1, 2, 1, 'txn-secret', '1200.00', 'JPY', 'processed', '192.0.2.1', '2026-01-03 00:00:00'), (2, 2, 1, NULL, '5', 'EUR', 'received', NULL, '2026-01-03 00:00:00');
