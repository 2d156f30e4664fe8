//! Orders: their list, and the page of each.

use leptos::prelude::*;

use super::{
    frame::Frame,
    layout::Page,
    mirror::{
        details::{Detailed, Details, Heading, InvoicesOf},
        list::{Column, Listed, Row},
        parts::{Amount, Back, Badge, Facts, day_of, link, text},
        words,
    },
};
use crate::model::{
    date::Date,
    mirror::{Kind, Sort},
    money::Currency,
    order::{Order, OrderDetails, OrderItem},
};

impl Listed for Order {
    const COLUMNS: &'static [Column] = &[
        Column::new("Order", Some(Sort::OrderNumber)),
        Column::new("Status", None),
        Column::new("Placed", Some(Sort::CreatedAt)),
        Column::number("Items", None),
        Column::number("Total", Some(Sort::Total)),
    ];
    const EMPTY: &'static str = "What you order from your provider appears here.";

    fn row(self, _: Date) -> Row {
        Row {
            name: link(Kind::Order, self.id, name_of(&self)),
            cells: vec![
                view! { <Badge status=self.status.as_str() /> }.into_any(),
                day_of(self.created_at),
                self.items_count.into_any(),
                view! { <Amount amount=self.total currency=self.currency_code /> }.into_any(),
            ],
        }
    }
}

/// Its number, or what else tells it from others.
fn name_of(order: &Order) -> String {
    let number = order.order_number.clone();
    number.unwrap_or_else(|| format!("Order of {}", order.created_at.date()))
}

impl Detailed for OrderDetails {
    fn invoice(&self) -> Option<i64> {
        self.order.invoice_id
    }

    fn page(details: Details<Self>, frame: Frame) -> AnyView {
        let Details {
            thing:
                OrderDetails {
                    order,
                    promo_code,
                    items,
                },
            invoices,
            today,
        } = details;
        let currency = order.currency_code;
        let amount = |amount: i64| Some(view! { <Amount amount currency /> }.into_any());
        let facts = vec![
            ("Placed", Some(day_of(order.created_at))),
            ("Paid by", order.payment_method.clone().map(text)),
            ("Promo code", promo_code.map(text)),
            ("Subtotal", amount(order.subtotal)),
            (
                "Discount",
                amount(-order.discount).filter(|_| order.discount != 0),
            ),
            ("Total", amount(order.total)),
        ];
        let name = name_of(&order);
        let items = items
            .into_iter()
            .map(move |item| view! { <Item item currency /> });
        view! {
            <Page frame title=name.clone() here="/orders">
                <Back kind=Kind::Order />
                <Heading name status=order.status.as_str() ways=Vec::new() />
                <section class="card" aria-label="Details">
                    <Facts facts />
                </section>
                <section class="card" aria-labelledby="items-heading">
                    <h2 id="items-heading">"Items"</h2>
                    <ul class="items">{items.collect_view()}</ul>
                </section>
                <InvoicesOf invoices today />
            </Page>
        }
        .into_any()
    }
}

#[component]
fn Item(item: OrderItem, currency: Currency) -> AnyView {
    let options = item.options.into_iter().map(|option| {
        view! {
            <li>{text(option.name)} ": " {text(option.value)}</li>
        }
    });
    let ways = [
        item.service_id
            .map(|id| link(Kind::Service, id, "View service")),
        item.domain_id
            .map(|id| link(Kind::Domain, id, "View domain")),
    ];
    let quantity = (item.quantity != 1).then(|| format!("{} × ", item.quantity));
    let cycle = words::cycle(item.billing_cycle);
    let setup = (item.setup_fee != 0).then(
        || view! { <p class="quiet"><Amount amount=item.setup_fee currency /> " setup fee"</p> },
    );
    view! {
        <li>
            <div class="what">
                <p>
                    {quantity} <strong>{text(item.product_name)}</strong>
                </p>
                {item.domain.map(|domain| view! { <p class="quiet">{text(domain)}</p> })}
                <ul class="quiet">{options.collect_view()}</ul>
                {ways.map(|way| way.map(|way| view! { <p>{way}</p> }))}
            </div>
            <div class="price">
                <p>
                    <Amount amount=item.price currency />
                    " "
                    <span class="about">{cycle}</span>
                </p>
                {setup}
            </div>
        </li>
    }
    .into_any()
}
