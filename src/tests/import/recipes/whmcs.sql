-- Tables of our own with the columns of WHMCS 8 that the recipe reads, and rows that are awkward.
CREATE TABLE tblcurrencies (id INT PRIMARY KEY, code TEXT NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblclients (id INT PRIMARY KEY, firstname TEXT NOT NULL, lastname TEXT NOT NULL, companyname TEXT NOT NULL, email TEXT NOT NULL,
  address1 TEXT NOT NULL, address2 TEXT NOT NULL, city TEXT NOT NULL, state TEXT NOT NULL, postcode TEXT NOT NULL, country TEXT NOT NULL,
  phonenumber TEXT NOT NULL, tax_id VARCHAR(128) NOT NULL, currency INT NOT NULL, status VARCHAR(10) NOT NULL, datecreated DATE NOT NULL,
  notes TEXT) DEFAULT CHARSET = utf8;
CREATE TABLE tblusers (id INT PRIMARY KEY, email VARCHAR(255) NOT NULL, password VARCHAR(255) NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblusers_clients (id INT PRIMARY KEY, auth_user_id INT NOT NULL, client_id INT NOT NULL, owner TINYINT(1) NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblproducts (id INT PRIMARY KEY, name TEXT NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tbladdons (id INT PRIMARY KEY, name TEXT NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblhosting (id INT PRIMARY KEY, userid INT NOT NULL, orderid INT NOT NULL, packageid INT NOT NULL, regdate DATE NOT NULL,
  domain TEXT NOT NULL, firstpaymentamount DECIMAL(10, 2) NOT NULL, amount DECIMAL(10, 2) NOT NULL, billingcycle TEXT NOT NULL,
  nextduedate DATE, domainstatus VARCHAR(20) NOT NULL, username TEXT NOT NULL, password TEXT NOT NULL, termination_date DATE NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblhostingaddons (id INT PRIMARY KEY, orderid INT NOT NULL, hostingid INT NOT NULL, addonid INT NOT NULL, name TEXT NOT NULL,
  setupfee DECIMAL(10, 2) NOT NULL, recurring DECIMAL(10, 2) NOT NULL, billingcycle TEXT NOT NULL, status VARCHAR(20) NOT NULL,
  regdate DATE NOT NULL, nextduedate DATE) DEFAULT CHARSET = utf8;
CREATE TABLE tbldomains (id INT PRIMARY KEY, userid INT NOT NULL, orderid INT NOT NULL, registrationdate DATE NOT NULL, domain TEXT NOT NULL,
  firstpaymentamount DECIMAL(10, 2) NOT NULL, recurringamount DECIMAL(10, 2) NOT NULL, registrationperiod INT NOT NULL, expirydate DATE,
  nextduedate DATE NOT NULL, status VARCHAR(30) NOT NULL, donotrenew TINYINT(1) NOT NULL, idprotection TINYINT(1) NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblinvoices (id INT PRIMARY KEY, userid INT NOT NULL, invoicenum TEXT NOT NULL, date DATE, duedate DATE,
  datepaid DATETIME NOT NULL, subtotal DECIMAL(10, 2) NOT NULL, credit DECIMAL(10, 2) NOT NULL, tax DECIMAL(10, 2) NOT NULL,
  tax2 DECIMAL(10, 2) NOT NULL, total DECIMAL(10, 2) NOT NULL, taxrate DECIMAL(10, 2) NOT NULL, taxrate2 DECIMAL(10, 2) NOT NULL,
  status TEXT NOT NULL, notes TEXT NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblinvoiceitems (id INT PRIMARY KEY, invoiceid INT NOT NULL, type VARCHAR(30) NOT NULL, relid INT NOT NULL,
  description TEXT NOT NULL, amount DECIMAL(10, 2) NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblaccounts (id INT PRIMARY KEY, gateway TEXT NOT NULL, date DATETIME, amountin DECIMAL(10, 2) NOT NULL,
  amountout DECIMAL(10, 2) NOT NULL, transid TEXT NOT NULL, invoiceid INT NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblpaymentgateways (id INT PRIMARY KEY, gateway TEXT NOT NULL, setting TEXT NOT NULL, value TEXT NOT NULL) DEFAULT CHARSET = utf8;
CREATE TABLE tblorders (id INT PRIMARY KEY, ordernum BIGINT NOT NULL, userid INT NOT NULL, date DATETIME NOT NULL, promocode TEXT NOT NULL,
  amount DECIMAL(10, 2) NOT NULL, paymentmethod TEXT NOT NULL, invoiceid INT NOT NULL, status TEXT NOT NULL, ipaddress TEXT) DEFAULT CHARSET = utf8;
CREATE TABLE tblconfiguration (setting VARCHAR(64) NOT NULL, value TEXT NOT NULL) DEFAULT CHARSET = utf8;

INSERT INTO tblcurrencies VALUES (1, 'JPY'), (2, 'EUR'), (3, 'KWD');
INSERT INTO tblclients VALUES
  (1, 'Zoë', 'Ünal', 'O&#039;Brien &amp; &quot;Söhne&quot; \\ 株式会社', 'zoe@example.com', '1 High St &lt;2&gt;', '', 'Köln', '', '50667', 'DE', '+49.2211',
    'DE123', 2, 'Active', '2026-01-02', 'Staff only'),
  (2, '', '', '', 'none@example.com', '', '', '', '', '', '', '', '', 1, 'Inactive', '0000-00-00', NULL),
  (3, 'Gone', '&amp;amp;', '', 'gone@example.com', '', '', '', '', '', '', '', '', 3, 'Closed', '2020-01-01', NULL);
INSERT INTO tblusers VALUES
  (1, 'zoe@example.com', '$2y$04$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK'), (2, 'gone@example.com', 'md5:salt');
INSERT INTO tblusers_clients VALUES (1, 1, 1, 1), (2, 1, 2, 1), (3, 2, 3, 1), (4, 2, 1, 0);
INSERT INTO tblproducts VALUES (1, 'Web &quot;Pro&quot; &lt;b&gt;');
INSERT INTO tbladdons VALUES (1, 'Backup');
INSERT INTO tblhosting VALUES
  (1, 1, 1, 1, '2026-01-02', 'example.com', 12.95, 9.99, 'Semi-Annually', '2026-07-02', 'Active', 'zoe', 'encrypted', '0000-00-00'),
  (2, 2, 99, 98, '0000-00-00', '', 1200.00, 0.00, 'One Time', '0000-00-00', 'Fraud', '', '', '2026-02-03'),
  (3, 2, 1, 1, '2026-01-02', '', 0.00, 0.00, 'Free Account', NULL, 'Completed', '', '', '0000-00-00');
INSERT INTO tblhostingaddons VALUES (1, 1, 1, 1, '', 1.00, 0.50, 'Monthly', 'Suspended', '2026-01-02', '2026-02-02');
INSERT INTO tbldomains VALUES
  (1, 1, 1, '2026-01-02', 'example.co.uk', 12.34, 15.00, 5, '0000-00-00', '2031-01-02', 'Pending Transfer', 1, 1),
  (2, 3, 0, '0000-00-00', 'xn--mnchen-3ya.example', 1.50, 1.50, 1, '2027-01-02', '0000-00-00', 'Grace', 0, 0);
INSERT INTO tblinvoices VALUES
  (1, 1, 'INV-1', '2026-01-02', '2026-01-09', '0000-00-00 00:00:00', 22.29, 5.00, 4.24, 0.22, 21.75, 19.00, 1.00, 'Collections', 'Two\r\n&quot;lines&quot;'),
  (2, 2, '', '2026-01-02', '0000-00-00', '2026-01-03 04:05:06', 1200.00, 0.00, 0.00, 0.00, 1200.00, 0.00, 0.00, 'Paid', 'Reverse charge'),
  (3, 3, '', '2026-01-02', '2026-01-09', '0000-00-00 00:00:00', 1.50, 0.00, 0.00, 0.00, 1.50, 0.00, 0.00, 'Draft', '');
INSERT INTO tblinvoiceitems VALUES
  (1, 1, 'Hosting', 1, 'Web &quot;Pro&quot; (01/02/2026 - 07/02/2026)\nDisk: 10 GB \\ 日本', 12.95), (2, 1, 'Addon', 1, 'Backup', 1.50),
  (3, 1, 'DomainTransfer', 1, 'example.co.uk', 12.34), (4, 1, 'PromoHosting', 1, 'SAVE', -4.50), (5, 2, 'Hosting', 1, 'Of somebody else', 1200.00),
  (6, 3, '', 0, 'Draft', 1.50);
INSERT INTO tblaccounts VALUES
  (1, 'stripe', '2026-01-03 00:00:00', 1200.00, 0.00, 'pi_secret', 2), (2, 'stripe', '2026-01-04 00:00:00', 0.00, 200.00, 're_secret', 2),
  (3, '', '2026-01-04 00:00:00', 1.75, 0.00, '', 1);
INSERT INTO tblpaymentgateways VALUES (1, 'stripe', 'name', 'Credit &amp; Debit Card'), (2, 'stripe', 'secretKey', 'sk_secret');
INSERT INTO tblorders VALUES
  (1, 7858259149, 1, '2026-01-02 03:04:05', 'SAVE', 22.29, 'stripe', 1, 'Active', '192.0.2.1'),
  (2, 42, 3, '0000-00-00 00:00:00', '', 1.50, 'banktransfer', 3, 'Fraud', NULL);
INSERT INTO tblconfiguration VALUES ('CompanyName', 'Hosting &amp; Co'), ('SystemURL', 'https://billing.example/');
