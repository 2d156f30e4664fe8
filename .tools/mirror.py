"""Gives the first client of a SQLite database some services, domains, invoices and orders, for the tests of the API."""

import json
import sqlite3
import sys

DATED = {"created_at": 1_767_225_600, "updated_at": 1_767_225_600}
PARTY = {"name": "", "company": None, "address1": "", "address2": None, "city": "", "state": "", "postcode": "",
         "country": None, "tax_id": None}

ROWS = {
    "services": {
        "name": "Web Pro", "domain": "example.com", "status": "active", "product_name": "Web", "billing_cycle": "monthly",
        "amount": 999, "currency_code": "USD", "next_due_date": "2026-12-01", "registration_date": None, "quantity": 1,
        "username": None, "suspended_at": None, "cancelled_at": None, "manage_url": None,
    },
    "domains": {
        "domain_name": "example.com", "tld": "com", "status": "active", "registration_date": "2020-03-01",
        "expiry_date": "2027-03-01", "auto_renew": True, "whois_privacy": True, "is_locked": True,
        "ns1": "ns1.example.net", "ns2": None, "ns3": None, "ns4": None, "next_due_date": None, "amount": 1499,
        "currency_code": "USD",
    },
    "invoices": {
        "invoice_number": "INV-1", "type": "invoice", "status": "unpaid", "currency_code": "JPY", "subtotal": 1000,
        "discount": 0, "tax": 100, "total": 1100, "credit_applied": 0, "amount_paid": 0, "issue_date": "2026-01-15",
        "due_date": "2026-01-29", "paid_at": None,
        "items": [{"description": "Web", "quantity": "1", "unit_amount": "1000", "amount": 1000, "tax": 100,
                   "period_start": None, "period_end": None}],
        "taxes": [{"name": "VAT", "rate": "10", "taxable_amount": 1000, "amount": 100, "reverse_charge": False}],
        "payments": [], "seller": PARTY, "buyer": PARTY, "notes": None, "pay_url": None,
    },
    "orders": {
        "order_number": "ORD-1", "status": "active", "currency_code": "USD", "subtotal": 999, "discount": 0, "total": 999,
        "items_count": 1, "payment_method": None, "promo_code": None,
        "items": [{"product_name": "Web", "billing_cycle": "monthly", "quantity": 1, "price": 999, "setup_fee": 0,
                   "domain": None, "options": [{"name": "Location", "value": "Frankfurt"}]}],
    },
}

PDF = b"%PDF-1.7"
DOCUMENT = {"content_type": "application/pdf", "size": len(PDF), "sha256": "0" * 64}

with sqlite3.connect(sys.argv[1]) as database:
    for noun, data in ROWS.items():
        for number in range(1, 21):
            row = {
                "client_id": 1, "source": "default", "external_id": str(number), "status": data["status"],
                "currency_code": data["currency_code"], "title": f"{noun} {number}",
                "amount": data.get("total", data.get("amount")),
                "owed": 1100 if noun == "invoices" else 0, "issued_on": data.get("issue_date"),
                "due_on": data.get("due_date", data.get("next_due_date")), "expires_on": data.get("expiry_date"),
                "search": f"{noun} {number}", "data": json.dumps(data), "refs": "{}",
                "document": json.dumps(DOCUMENT) if noun == "invoices" else None,
                "deleted": int(number == 20), **DATED,
            }
            marks = ", ".join(f":{name}" for name in row)
            database.execute(f"INSERT INTO {noun} ({', '.join(row)}) VALUES ({marks})", row)
    database.execute("INSERT INTO documents SELECT id, client_id, ? FROM invoices", (PDF,))
    database.execute("UPDATE clients SET revision = 1")
