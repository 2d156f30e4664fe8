//! The client's data, and the form to change it.

use leptos::prelude::*;

use crate::{
    model::{
        client::{Client, ClientId},
        contact::Contact,
        error::AppError,
        field,
    },
    ui::{
        components::notice::{Alert, NotProvided},
        form::PostForm,
    },
};

/// A field of the form.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in the form.
    pub name: &'static str,
    label: &'static str,
    /// Name for the browser's autofill (HTML, 4.10.18.7).
    autocomplete: &'static str,
    /// Shown below the field.
    hint: Option<&'static str>,
}

const fn input(name: &'static str, label: &'static str, autocomplete: &'static str) -> Field {
    Field {
        name,
        label,
        autocomplete,
        hint: None,
    }
}

/// All fields, in the order of [`Contact`]. The email address is not among them: it is used to log in.
pub const FIELDS: [Field; 9] = [
    input(field::NAME, "Name", "name"),
    input(field::COMPANY, "Company", "organization"),
    input(field::PHONE, "Phone", "tel"),
    input(field::ADDRESS1, "Address", "address-line1"),
    input(field::ADDRESS2, "Address line 2", "address-line2"),
    input(field::CITY, "City", "address-level2"),
    input(field::STATE, "State or region", "address-level1"),
    input(field::POSTCODE, "Postal code", "postal-code"),
    Field {
        hint: Some("Two capital letters, like US."),
        ..input(field::COUNTRY, "Country", "country")
    },
];
/// Fields that must not be empty.
const REQUIRED: [&str; 2] = [field::NAME, field::COUNTRY];

/// The form: the stored values, or what was typed and the error.
#[derive(Clone, Debug)]
pub struct DetailsForm {
    /// A value for each of [`FIELDS`].
    pub values: [String; FIELDS.len()],
    /// Hash of the data that the form was rendered with, so that it does not overwrite a later change.
    pub version: String,
    /// Why it was not saved.
    pub error: Option<AppError>,
}

impl DetailsForm {
    /// A form with the stored values.
    pub fn new(contact: &Contact, version: String) -> Self {
        Self {
            values: contact.values().map(ToOwned::to_owned),
            version,
            error: None,
        }
    }
}

/// The data, and the form in a `details` element.
#[component]
pub fn Details(client: Client, form: DetailsForm, can_change: bool) -> AnyView {
    let id = client.id;
    let address = client.contact.postal_address();
    let rows = [
        ("Name", Some(client.contact.name)),
        ("Company", client.contact.company),
        ("Email", Some(client.email.to_string())),
        ("Phone", client.contact.phone),
        ("Address", Some(address)),
        ("Currency", Some(client.currency_code)),
        ("Status", Some(client.status.title().to_owned())),
        ("Client ID", Some(id.0.to_string())),
        ("Client since", Some(client.created_at.date())),
    ];
    view! {
        <dl class="details">
            {rows
                .into_iter()
                .map(|(term, value)| {
                    view! {
                        <div>
                            <dt>{term}</dt>
                            <dd>
                                {match value.filter(|value| !value.is_empty()) {
                                    Some(value) => value.into_any(),
                                    None => view! { <NotProvided /> }.into_any(),
                                }}
                            </dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
        {if can_change {
            view! { <Edit client=id form /> }.into_any()
        } else {
            view! {
                <p class="quiet">"Your account is suspended, so you can't change your details."</p>
            }
                .into_any()
        }}
    }
    .into_any()
}

#[component]
fn Edit(client: ClientId, form: DetailsForm) -> AnyView {
    let is_refused = form.error.is_some();
    let is_outdated = form.error == Some(AppError::ChangedMeanwhile);
    let is_of_no_field = |error: &AppError| {
        FIELDS
            .iter()
            .all(|field| error.of_field(field.name).is_none())
    };
    let other = form.error.clone().filter(is_of_no_field);
    let fields = FIELDS.into_iter().zip(form.values);
    let fields = fields.map(|(field, value)| {
        let error = form
            .error
            .as_ref()
            .and_then(|error| error.of_field(field.name));
        let error = error.map(ToOwned::to_owned);
        view! { <EditField field value error /> }
    });
    let fields = fields.collect_view();
    view! {
        // While it is open, style sheets hide the values above it, which the form has, too.
        <details class="edit" class:compare=is_outdated open=is_refused>
            <summary class="button">
                <span class="when-closed">"Edit details"</span>
                <span class="when-open">"Cancel"</span>
            </summary>
            <PostForm client action="/profile/details" class="stack">
                <input type="hidden" name=field::VERSION value=form.version />
                {other.map(|error| view! { <Alert id="details-error" text=error.to_string() /> })}
                <div class="edit-fields">{fields}</div>
                <p class="hint">
                    "Only your provider can change your login email, currency and client ID."
                </p>
                <button type="submit" class="button primary">
                    "Save details"
                </button>
            </PostForm>
        </details>
    }
    .into_any()
}

/// A field. It has the focus when the page opens, if its value is invalid.
#[component]
fn EditField(field: Field, value: String, error: Option<String>) -> AnyView {
    let id = format!("details-{}", field.name);
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    // The error message says the same, so only one of them is shown.
    let hint = field.hint.filter(|_| error.is_none());
    let described_by = match (&error, hint) {
        (Some(_), _) => Some(error_id.clone()),
        (None, Some(_)) => Some(hint_id.clone()),
        (None, None) => None,
    };
    view! {
        <div class="field">
            <label for=id.clone()>{field.label}</label>
            <input
                id=id
                name=field.name
                type="text"
                value=value
                autocomplete=field.autocomplete
                required=REQUIRED.contains(&field.name)
                autofocus=error.is_some()
                aria-describedby=described_by
                aria-invalid=error.as_ref().map(|_| "true")
            />
            {hint
                .map(|hint| {
                    view! {
                        <p id=hint_id class="hint">
                            {hint}
                        </p>
                    }
                })}
            {error
                .map(|error| {
                    view! {
                        <p id=error_id class="field-error">
                            {error}
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}
