//! `opentill client …`

use clap::{Args, Subcommand};

use super::{
    error::CommandError,
    listing::Listing,
    print,
    stop::{self, Stage},
    terminal::new_password,
};
use crate::{
    http::api::me::Published,
    model::{
        client::{Client, ClientStatus, Email},
        contact::{Contact, country, currency, text},
    },
    server::{clients, state::AppState, store::NewClient},
};

#[derive(Subcommand)]
pub enum ClientCommand {
    /// Add a client and print its number
    Add(Box<Add>),
    /// List all clients
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Set a password, read from standard input, and end the client's sessions
    SetPassword {
        /// Whose
        #[arg(long)]
        email: Email,
        /// Accepted for likeness with `client add`: the password is always read from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set what a client may do
    SetStatus {
        /// Whose
        #[arg(long)]
        email: Email,
        /// active, suspended or closed
        #[arg(long)]
        status: ClientStatus,
    },
}

/// A client to be added.
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

/// Executes the command.
pub async fn execute(state: &AppState, command: ClientCommand) -> Result<(), CommandError> {
    match command {
        ClientCommand::Add(client) => add(state, *client).await,
        ClientCommand::List { json } => {
            let mut listing = Listing::new(json);
            let mut last = None;
            loop {
                let clients = clients::list_after(state, last).await?;
                for client in &clients {
                    listing.add(&Published::from(client), |_| line(client))?;
                }
                last = clients.last().map(|client| client.id);
                if last.is_none() || listing.is_closed() {
                    return listing.end();
                }
            }
        }
        ClientCommand::SetPassword {
            email,
            password_stdin: _,
        } => {
            clients::by_email(state, &email).await?;
            let password = new_password()?;
            stop::set_stage(Stage::During);
            clients::set_password(state, &email, &password).await?;
            print::done(&format!(
                "The password of {email} was set and its sessions were ended."
            ));
            Ok(())
        }
        ClientCommand::SetStatus { email, status } => {
            stop::set_stage(Stage::During);
            let is_changed = clients::set_status(state, &email, status).await?;
            let already = if is_changed { "" } else { "already " };
            print::done(&format!("{email} is {already}{}.", status.as_str()));
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
        Some(new_password()?)
    } else {
        None
    };
    let new = NewClient {
        contact: Contact {
            name: client.name,
            company: client.company,
            phone: client.phone,
            address1: client.address1,
            address2: client.address2,
            city: client.city,
            state: client.state,
            postcode: client.postcode,
            country: client.country,
        },
        email: client.email,
        currency_code: client.currency,
        password_hash: None,
    };
    let password = match password {
        Some(text) => {
            let own_words = new.own_words();
            let accepted = state.passwords.accept("password", &text, &own_words);
            Some(accepted.await?)
        }
        None => None,
    };
    stop::set_stage(Stage::During);
    let id = clients::add(state, new, password).await?;
    print::done(&id.0.to_string());
    Ok(())
}

fn line(client: &Client) -> String {
    format!(
        "{}\t{}\t{}\t{}",
        client.id.0,
        client.email,
        client.status.as_str(),
        client.contact.name
    )
}
