//! `opentill client …`

use clap::Args;

use super::{ClientCommand, CommandError, print_json, read_password};
use crate::{
    domain::client::{Client, Email, country, currency, text},
    server::{clients, error::Failure, password::Password, state::AppState, store::NewClient},
};

/// What is known of a client to be added.
#[derive(Args)]
pub struct Add {
    /// Where the client logs in with
    #[arg(long)]
    email: Email,
    /// The person's name
    #[arg(long, value_parser = text)]
    name: String,
    /// Company
    #[arg(long, value_parser = text)]
    company: Option<String>,
    /// Telephone
    #[arg(long, value_parser = text)]
    phone: Option<String>,
    /// First line of the address
    #[arg(long, value_parser = text, default_value = "", hide_default_value = true)]
    address1: String,
    /// Second line of the address
    #[arg(long, value_parser = text)]
    address2: Option<String>,
    /// City
    #[arg(long, value_parser = text, default_value = "", hide_default_value = true)]
    city: String,
    /// State or region
    #[arg(long, value_parser = text, default_value = "", hide_default_value = true)]
    state: String,
    /// Postal code
    #[arg(long, value_parser = text, default_value = "", hide_default_value = true)]
    postcode: String,
    /// Country, ISO 3166-1 alpha-2
    #[arg(long, value_parser = country, default_value = "US")]
    country: String,
    /// Currency, ISO 4217
    #[arg(long, value_parser = currency, default_value = "USD")]
    currency: String,
    /// Read the password from standard input; without it nobody can log in until set-password
    #[arg(long)]
    password_stdin: bool,
}

/// Does what was asked.
pub async fn execute(state: &AppState, command: ClientCommand) -> Result<(), CommandError> {
    match command {
        ClientCommand::Add(client) => add(state, *client).await,
        ClientCommand::List { json } => {
            let clients = clients::list(state).await?;
            if json {
                return print_json(&clients);
            }
            print(&clients);
            Ok(())
        }
        ClientCommand::SetPassword {
            email,
            password_stdin: _,
        } => {
            clients::by_email(state, &email).await?;
            clients::set_password(state, &email, &read_password()?).await?;
            println!("The password of {email} was set and its sessions were ended.");
            Ok(())
        }
        ClientCommand::SetStatus { email, status } => {
            let is_changed = clients::set_status(state, &email, status).await?;
            let already = if is_changed { "" } else { "already " };
            println!("{email} is {already}{}.", status.as_str());
            Ok(())
        }
    }
}

async fn add(state: &AppState, client: Add) -> Result<(), CommandError> {
    if client.name.is_empty() {
        return Err(CommandError::Refused(
            "--name: a client has a name".to_owned(),
        ));
    }
    let password = if client.password_stdin {
        Some(read_password()?)
    } else {
        None
    };
    let new = NewClient {
        name: client.name,
        email: client.email,
        company: client.company,
        phone: client.phone,
        address1: client.address1,
        address2: client.address2,
        city: client.city,
        state: client.state,
        postcode: client.postcode,
        country: client.country,
        currency_code: client.currency,
        password_hash: None,
    };
    let password = password
        .map(|text| Password::new("password", &text, &new.own_words()))
        .transpose()
        .map_err(Failure::from)?;
    let id = clients::add(state, new, password).await?;
    println!("{}", id.0);
    Ok(())
}

fn print(clients: &[Client]) {
    for client in clients {
        println!(
            "{}\t{}\t{}\t{}",
            client.id.0,
            client.email,
            client.status.as_str(),
            client.name
        );
    }
}
