//! The forms as data: every field in its order, with its English words, where to find the value, and its limits. The
//! judgement is `form.rs`; the vectors hold the two together, and `messages/` has the words in other languages.

use crate::form::FormKind;

/// The forms, each with its name.
pub const FORMS: [(FormKind, &str); 4] = [
    (FormKind::OauthCustom, "oauth-custom"),
    (FormKind::OauthSystem, "oauth-system"),
    (FormKind::Basic, "basic"),
    (FormKind::BasicProfile, "basic-profile"),
];

/// What a form is called, and what it is for.
pub fn title(kind: FormKind) -> (&'static str, &'static str) {
    match kind {
        FormKind::OauthCustom => ("OAuth client", "An authorization profile with your own OAuth client."),
        FormKind::OauthSystem => ("Zendesk account", "The account to connect. You sign in on Zendesk's own page."),
        FormKind::Basic => {
            ("E-mail address and API token", "An existing API token, together with the address of a verified user.")
        }
        FormKind::BasicProfile => (
            "Basic profile",
            "Users give their own e-mail address and API token. With a subdomain, all of them use this account.",
        ),
    }
}

/// What is typed into a field, and so how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Text,
    /// A subdomain, or any address of the account.
    Subdomain,
    /// An e-mail address.
    Email,
    /// One line that is hidden and never shown again.
    Secret,
    /// One of [`Field::options`].
    Choice,
    /// A URL, which may hold `{subdomain}`.
    Url,
    /// Scopes with spaces between them.
    Scopes,
    /// `true` or nothing: set by the page, not by a person.
    Flag,
}

impl Input {
    /// The lower-case name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Subdomain => "subdomain",
            Self::Email => "email",
            Self::Secret => "secret",
            Self::Choice => "choice",
            Self::Url => "url",
            Self::Scopes => "scopes",
            Self::Flag => "flag",
        }
    }
}

/// When a field must be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// Never.
    Never,
    /// Unless `clientKind` is `public`, or `clientSecretSet` is `true`.
    UnlessPublicOrSet,
}

/// One of the values that a field of the kind [`Input::Choice`] takes.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: &'static str,
    /// What is shown.
    pub label: &'static str,
    /// When to take it.
    pub help: &'static str,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name, as in [`FormKind::fields`].
    pub name: &'static str,
    /// What is typed.
    pub input: Input,
    /// When it must be filled in.
    pub need: Need,
    /// The greatest number of characters, without white space at both ends.
    pub limit: Option<u32>,
    /// What is filled in beforehand, and what an empty field means.
    pub default: &'static str,
    /// What can be chosen.
    pub options: &'static [Choice],
    /// What it is called; empty for what is never shown.
    pub label: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Where in Zendesk the value is found.
    pub find: &'static str,
}

/// The fields of a form in their order.
pub fn fields(kind: FormKind) -> impl Iterator<Item = Field> {
    kind.fields().filter_map(move |name| {
        let mut field = *FIELDS.iter().find(|field| field.name == name)?;
        if kind == FormKind::BasicProfile && field.input == Input::Subdomain {
            field.need = Need::Never;
        }
        Some(field)
    })
}

const TEXT: Field = Field {
    name: "",
    input: Input::Text,
    need: Need::Always,
    limit: None,
    default: "",
    options: &[],
    label: "",
    help: "",
    find: "",
};

static FIELDS: [Field; 11] = [
    Field {
        name: "name",
        limit: Some(100),
        label: "Profile name",
        help: "How you recognise these settings later, such as “Acme support”.",
        ..TEXT
    },
    Field {
        name: "subdomain",
        input: Input::Subdomain,
        label: "Subdomain",
        help: "The `acme` in `acme.zendesk.com`. You may paste any address of your account.",
        find: "In the address bar when an agent works, or in Admin Center under Account > Brand management > Brands.",
        ..TEXT
    },
    Field {
        name: "clientId",
        limit: Some(255),
        label: "Client ID",
        help: "In Zendesk: the unique identifier of the OAuth client, not the number in its address.",
        find: "In Admin Center under Apps and integrations > APIs > OAuth clients.",
        ..TEXT
    },
    Field {
        name: "clientKind",
        input: Input::Choice,
        need: Need::Never,
        default: "confidential",
        options: &[
            Choice { value: "confidential", label: "Confidential", help: "Has a client secret. The usual kind." },
            Choice { value: "public", label: "Public", help: "Has no secret and relies on PKCE alone." },
        ],
        label: "Client kind",
        help: "The same kind as in Zendesk.",
        find: "In Admin Center, on the page of the OAuth client.",
        ..TEXT
    },
    Field {
        name: "clientSecret",
        input: Input::Secret,
        need: Need::UnlessPublicOrSet,
        limit: Some(255),
        label: "Client secret",
        help: "It goes to the worker and cannot be read again.",
        find: "Zendesk shows it in full only once, when the OAuth client is saved. If it is lost, regenerate it there.",
        ..TEXT
    },
    Field { name: "clientSecretSet", input: Input::Flag, need: Need::Never, ..TEXT },
    Field {
        name: "authorizationUrl",
        input: Input::Url,
        need: Need::Never,
        limit: Some(3000),
        default: "https://{subdomain}.zendesk.com/oauth/authorizations/new",
        label: "Authorization URL",
        help: "Where the browser goes for consent. `{subdomain}` stands for the subdomain; any other host is refused.",
        ..TEXT
    },
    Field {
        name: "tokenUrl",
        input: Input::Url,
        need: Need::Never,
        limit: Some(3000),
        default: "https://{subdomain}.zendesk.com/oauth/tokens",
        label: "Token URL",
        help: "Where the worker exchanges the code, with the client secret.",
        ..TEXT
    },
    Field {
        name: "scope",
        input: Input::Scopes,
        limit: Some(1000),
        label: "Scopes",
        help: "What the connection may do, and never more than the user who authorizes may.",
        find: "If the OAuth client has allowed scopes in Admin Center, choose the same or fewer here.",
        ..TEXT
    },
    Field {
        name: "email",
        input: Input::Email,
        limit: Some(255),
        label: "E-mail address",
        help: "Of a verified Zendesk user. The ending `/token` may be left out.",
        find: "In Zendesk, in your user profile.",
        ..TEXT
    },
    Field {
        name: "apiToken",
        input: Input::Secret,
        limit: Some(255),
        label: "API token",
        help: "It is checked with Zendesk, kept encrypted, and cannot be read again.",
        find: "In Admin Center under Apps and integrations > APIs > API tokens. Zendesk no longer issues new ones: use one that you have.",
        ..TEXT
    },
];
