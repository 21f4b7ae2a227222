//! One error type and one table of stable codes, grouped by who is at fault.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

/// The result of every fallible function of this crate.
pub type Result<T> = core::result::Result<T, Error>;

/// The same within the crate: a code of one byte, to which the public functions add where and what.
pub(crate) type Judged<T> = core::result::Result<T, Code>;

/// Who is at fault, and so who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What a person typed or pasted.
    Input,
    /// The code or the configuration that uses this library.
    Caller,
    /// The user, or Zendesk, said no.
    Refused,
    /// An answer that makes no sense.
    Malformed,
    /// The network, a limit or an outage: the same call may work later.
    Transport,
    /// A defect or a lost key on our side.
    Internal,
}

macro_rules! codes {
    ($( $(#[$meta:meta])* $variant:ident $code:literal $fault:ident $message:literal; )*) => {
        /// What went wrong. The string form ([`Code::as_str`]) is stable; the message may improve.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        // As wide as a register: WebAssembly would mask anything narrower before each comparison.
        #[repr(u32)]
        pub enum Code {
            $( $(#[$meta])* #[doc = concat!("`", $code, "`: ", $message, ".")] $variant, )*
        }

        impl Code {
            /// Every code of this build.
            pub const ALL: &'static [Code] = &[ $( $(#[$meta])* Code::$variant, )* ];

            /// The stable string: lower case, underscores.
            pub fn as_str(self) -> &'static str {
                match self { $( $(#[$meta])* Code::$variant => $code, )* }
            }

            /// Who is at fault.
            pub fn fault(self) -> Fault {
                match self { $( $(#[$meta])* Code::$variant => Fault::$fault, )* }
            }

            /// What was wrong and what to do, in English: lower case, one line, no full stop, never a secret.
            pub fn message(self) -> &'static str {
                match self { $( $(#[$meta])* Code::$variant => $message, )* }
            }
        }
    };
}

codes! {
    SubdomainEmpty "subdomain_empty" Input "enter the subdomain: the `acme` in `acme.zendesk.com`";
    SubdomainNotAscii "subdomain_not_ascii" Input "a subdomain has only the letters a to z, digits and dashes: type it again";
    SubdomainCharacter "subdomain_character" Input "a subdomain has only the letters a to z, digits and dashes";
    SubdomainEncoded "subdomain_encoded" Input "remove the `%` encoding: type the subdomain alone";
    SubdomainScheme "subdomain_scheme" Input "the URL must begin with `https://`: or type the subdomain alone";
    SubdomainUserInfo "subdomain_user_info" Input "remove the part up to `@`: the subdomain is the `acme` in `acme.zendesk.com`";
    SubdomainPort "subdomain_port" Input "remove the port";
    SubdomainOtherHost "subdomain_other_host" Input "the address must read `something.zendesk.com`";
    SubdomainCustomDomain "subdomain_custom_domain" Input "this looks like your help center's own domain: the subdomain is the `acme` in `acme.zendesk.com`, in the address bar of agents, or in Admin Center under Brands";
    SubdomainNested "subdomain_nested" Input "only one name stands before `.zendesk.com`";
    SubdomainTooLong "subdomain_too_long" Input "a subdomain has at most 63 characters";
    SubdomainDash "subdomain_dash" Input "a subdomain must not begin or end with a dash";
    SubdomainReserved "subdomain_reserved" Input "this is Zendesk's own name: enter the subdomain of your account";

    AccountTemplateInvalid "account_template_invalid" Caller "the account template must read `https://{subdomain}.` and a host, without a path: plain http is for `*.localhost` only";
    EndpointInvalid "endpoint_invalid" Input "enter a whole URL such as `https://{subdomain}.zendesk.com/oauth/tokens`, without a fragment or spaces";
    EndpointNotHttps "endpoint_not_https" Input "the URL must begin with `https://`";
    EndpointOtherHost "endpoint_other_host" Input "the URL must be on the account's own host: `{subdomain}.zendesk.com`, without port or user name";

    RedirectUriEmpty "redirect_uri_empty" Caller "the redirect_uri is missing";
    RedirectUriRelative "redirect_uri_relative" Caller "the redirect_uri must be a whole URL, not a path";
    RedirectUriNotHttps "redirect_uri_not_https" Caller "the redirect_uri must begin with `https://`: plain http is for `localhost` and `127.0.0.1` only";
    RedirectUriFragment "redirect_uri_fragment" Caller "the redirect_uri must not have a fragment (`#`)";
    RedirectUriInvalid "redirect_uri_invalid" Caller "the redirect_uri is not a valid URL: check host, port and characters";

    ScopeEmpty "scope_empty" Input "choose a scope";
    ScopeInvalid "scope_invalid" Input "scopes are `read`, `write`, `impersonate` or `resource:read`, with spaces between them";
    ScopeUnknown "scope_unknown" Input "Zendesk does not list this scope: calls that need it are refused";
    ScopeCovered "scope_covered" Input "a broader scope covers this one: Zendesk refuses to save both";

    TransactionInvalid "transaction_invalid" Caller "the transaction cannot be read: start again";

    CallbackMalformed "callback_malformed" Malformed "the callback cannot be read: start again";
    CallbackOtherRedirectUri "callback_other_redirect_uri" Caller "the callback is not at the redirect_uri";
    CallbackDuplicateParameter "callback_duplicate_parameter" Malformed "the callback repeats a parameter: start again";
    CallbackStateMissing "callback_state_missing" Malformed "the callback has no state: start again";
    CallbackStateMismatch "callback_state_mismatch" Refused "the authorization was not started here: close other windows and start again";
    CallbackExpired "callback_expired" Refused "the authorization was started too long ago: start again";
    CallbackOtherTenant "callback_other_tenant" Refused "the authorization was started for another tenant: start again";
    CallbackOtherSubdomain "callback_other_subdomain" Refused "the authorization was started for another account: start again";
    CallbackAmbiguous "callback_ambiguous" Malformed "the callback has a code and an error: start again";
    CallbackCodeMissing "callback_code_missing" Malformed "the callback has neither a code nor an error: start again";
    AccessDenied "access_denied" Refused "access was denied on Zendesk's page: start again and choose Allow";
    AuthorizationRefused "authorization_refused" Refused "Zendesk refused the authorization";

    FormKindUnknown "form_kind_unknown" Caller "the form must be `oauth-custom`, `oauth-system`, `basic` or `basic-profile`";
    FieldUnknown "field_unknown" Caller "the form has no such field";
    FieldRequired "field_required" Input "fill in this field";
    FieldTooLong "field_too_long" Input "this is too long";
    FieldControlCharacter "field_control_character" Input "this has a line break or another invisible character: type it again";
    FieldWhitespaceInside "field_whitespace_inside" Input "this has a space inside: copy it again without spaces";
    EmailInvalid "email_invalid" Input "enter an e-mail address such as `jane@acme.com`";
    ClientKindUnknown "client_kind_unknown" Input "the client kind is `confidential` or `public`";
    ClientSecretIgnored "client_secret_ignored" Input "a public client needs no secret";
    // To a page this is `transaction_invalid`: the browser artifact's table of codes ends before it.
    CodeVerifierInvalid "code_verifier_invalid" Caller "a code_verifier has 43 to 128 of the characters A-Z, a-z, 0-9 and `-._~`";

    #[cfg(feature = "edge")] TokenResponseMalformed "token_response_malformed" Malformed "Zendesk's answer holds no token: try again, and check the token URL";
    #[cfg(feature = "edge")] TokenResponseTooLarge "token_response_too_large" Malformed "Zendesk's answer is larger than 64 KiB: check the token URL";
    #[cfg(feature = "edge")] InvalidGrant "invalid_grant" Refused "the authorization was used already, has expired or was revoked: authorize again";
    #[cfg(feature = "edge")] InvalidClient "invalid_client" Refused "Zendesk does not accept the client id or the client secret: check both in Admin Center";
    #[cfg(feature = "edge")] InvalidScope "invalid_scope" Refused "a scope is outside of what the OAuth client allows: compare with its allowed scopes in Admin Center";
    #[cfg(feature = "edge")] UnauthorizedClient "unauthorized_client" Refused "this OAuth client may not authorize in this way: check its kind in Admin Center";
    #[cfg(feature = "edge")] InvalidRequest "invalid_request" Refused "Zendesk found the request invalid: check the redirect URLs and the kind of the OAuth client";
    #[cfg(feature = "edge")] UnsupportedGrantType "unsupported_grant_type" Refused "Zendesk does not offer this grant to the OAuth client";
    #[cfg(feature = "edge")] TokenRefused "token_refused" Refused "Zendesk refused to give a token";
    #[cfg(feature = "edge")] RateLimited "rate_limited" Transport "Zendesk's rate limit is reached: wait and try again";
    #[cfg(feature = "edge")] ZendeskUnavailable "zendesk_unavailable" Transport "Zendesk cannot answer just now: try again in a moment";
    #[cfg(feature = "edge")] UnexpectedRedirect "unexpected_redirect" Malformed "Zendesk answered with a redirect, which is not followed so that no secret leaves the account's host: check subdomain and token URL";
    #[cfg(feature = "edge")] IdentityAnonymous "identity_anonymous" Refused "Zendesk names no user for this credential, so it is not valid";
    #[cfg(feature = "edge")] IdentityMalformed "identity_malformed" Malformed "Zendesk's answer about the user or the token cannot be read";
    #[cfg(feature = "edge")] AccessTokenRefused "access_token_refused" Refused "Zendesk refused the access token: authorize again";
    #[cfg(feature = "edge")] AccessTokenMissingScope "access_token_missing_scope" Refused "the access token lacks a scope that this call needs: authorize again with it";
    #[cfg(feature = "edge")] ReauthorizationRequired "reauthorization_required" Refused "Zendesk no longer accepts this connection: authorize it again";
    #[cfg(feature = "edge")] RefreshUnavailable "refresh_unavailable" Refused "Zendesk gave nothing to refresh this connection with: authorize it again when it expires";
    #[cfg(feature = "edge")] ConnectionRevoked "connection_revoked" Refused "this connection is being disconnected: connect the account again";
    #[cfg(feature = "edge")] AccountNotFound "account_not_found" Refused "there is no Zendesk account at this subdomain any longer: if it was renamed, connect it under its new subdomain";
    #[cfg(feature = "edge")] ProxyPathRefused "proxy_path_refused" Caller "only paths under `/api/` can be called, without `..` or encoded separators, and by frontends none that gives out tokens";

    #[cfg(feature = "edge")] BasicRefused "basic_refused" Refused "Zendesk does not accept this e-mail address with this API token: check both, and that the token is active in Admin Center";
    #[cfg(feature = "edge")] UserSuspended "user_suspended" Refused "this Zendesk user is suspended or deleted: use another one";
    #[cfg(feature = "edge")] UserUnverified "user_unverified" Refused "this Zendesk user has not verified their e-mail address: open Zendesk's e-mail and verify it, then try again";
    #[cfg(feature = "edge")] ApiTokensRetired "api_tokens_retired" Refused "API tokens have stopped working on 30 April 2027: use OAuth";
    #[cfg(feature = "edge")] IntegrationNotChosen "integration_not_chosen" Caller "choose first how the integration is authorized";
    #[cfg(feature = "edge")] IntegrationProfileMissing "integration_profile_missing" Caller "select an authorization profile first";
    #[cfg(feature = "edge")] IntegrationProfileUnused "integration_profile_unused" Caller "this way of authorizing takes no authorization profile";
    #[cfg(feature = "edge")] IntegrationProfileMechanism "integration_profile_mechanism" Caller "the authorization profile is for another way of authorizing: select one of the right mechanism";
    #[cfg(feature = "edge")] IntegrationUnverified "integration_unverified" Caller "authorize the integration first: it can be enabled when its connection is verified";
    #[cfg(feature = "edge")] IntegrationReauthorizationRequired "integration_reauthorization_required" Caller "Zendesk no longer accepts the integration's connection: authorize it again";
    #[cfg(feature = "edge")] IntegrationSystemUnavailable "integration_system_unavailable" Caller "this worker has no preconfigured OAuth client: choose another way, or set its `systemClient` option";
    #[cfg(feature = "edge")] IntegrationNotForUsers "integration_not_for_users" Caller "an admin authorizes this integration for everybody: there is nothing for users to authorize";
    #[cfg(feature = "edge")] IntegrationOtherChoice "integration_other_choice" Caller "the integration is authorized in another way, or with another authorization profile";
    #[cfg(feature = "edge")] IntegrationNotEnabled "integration_not_enabled" Caller "the integration is not enabled: ask an admin to enable it";

    // edge
    #[cfg(feature = "edge")] ConfigurationInvalid "configuration_invalid" Caller "the configuration is not valid: every problem is listed";
    #[cfg(feature = "edge")] FieldInvalid "field_invalid" Caller "the value has the wrong type or is outside of what is allowed";
    #[cfg(feature = "edge")] BodyInvalid "body_invalid" Caller "the body must be one JSON object";
    #[cfg(feature = "edge")] BodyTooLarge "body_too_large" Caller "the body is larger than 64 KiB";
    #[cfg(feature = "edge")] BodyFieldsInvalid "body_fields_invalid" Caller "fields of the body are not valid: every problem is listed";
    #[cfg(feature = "edge")] ContentTypeUnsupported "content_type_unsupported" Caller "send the body as `application/json`";
    #[cfg(feature = "edge")] FormInvalid "form_invalid" Input "some fields of the form are not valid: every problem is listed";
    #[cfg(feature = "edge")] NotFound "not_found" Caller "there is nothing at this address";
    #[cfg(feature = "edge")] MethodNotAllowed "method_not_allowed" Caller "this address does not take this method: see the `allow` header";
    #[cfg(feature = "edge")] AuthenticationMissing "authentication_missing" Caller "send a connect session or the admin key as `authorization: Bearer`";
    #[cfg(feature = "edge")] AuthenticationRefused "authentication_refused" Caller "the product does not let this request in: sign in and try again";
    #[cfg(feature = "edge")] SessionInvalid "session_invalid" Caller "this is neither a connect session of this worker nor its admin key: ask your backend for a new session";
    #[cfg(feature = "edge")] SessionExpired "session_expired" Caller "the connect session has expired: ask your backend for a new one";
    #[cfg(feature = "edge")] SessionRequired "session_required" Caller "this call needs a connect session: make one with `POST /sessions`";
    #[cfg(feature = "edge")] AdminKeyRequired "admin_key_required" Caller "this call is for backends that hold the admin key";
    #[cfg(feature = "edge")] RoleInsufficient "role_insufficient" Caller "this call needs a connect session of the role `admin`";
    #[cfg(feature = "edge")] ProfileNotFound "profile_not_found" Caller "this tenant has no such authorization profile";
    #[cfg(feature = "edge")] ProfileChanged "profile_changed" Caller "the authorization profile was changed meanwhile: load it again";
    #[cfg(feature = "edge")] ProfileInUse "profile_in_use" Caller "the authorization profile is in use: let its integration select another one and disconnect its connections first";
    #[cfg(feature = "edge")] IntegrationChanged "integration_changed" Caller "the integration was changed meanwhile: load it again";
    #[cfg(feature = "edge")] ConnectionNotFound "connection_not_found" Caller "there is no such connection, or it is not yours to see";
    #[cfg(feature = "edge")] ConnectionNotBasic "connection_not_basic" Caller "only a connection with an API token can be migrated: this one has OAuth already";
    #[cfg(feature = "edge")] MigrationOtherOwner "migration_other_owner" Caller "only the user whose connection this is can migrate it: they have to consent on Zendesk's page";
    #[cfg(feature = "edge")] ClientCredentialsConfidential "client_credentials_confidential" Caller "client credentials are for confidential OAuth clients: the profile must be of that kind and have the secret";
    #[cfg(feature = "edge")] ProxyNotGranted "proxy_not_granted" Caller "this session may not call the Zendesk API in this way: mint one with `proxy`";
    #[cfg(feature = "edge")] RefreshInProgress "refresh_in_progress" Transport "this connection's credentials are being refreshed: try again in a moment";
    #[cfg(feature = "edge")] IdentityOtherUser "identity_other_user" Refused "Zendesk names another user than the one who authorized: authorize again";
    #[cfg(feature = "edge")] TransactionNotFound "transaction_not_found" Caller "there is no such transaction, or it is not yours to see";
    #[cfg(feature = "edge")] TransactionExpired "transaction_expired" Refused "nobody answered on Zendesk's page in time: start the authorization again";
    #[cfg(feature = "edge")] TransactionOtherBrowser "transaction_other_browser" Refused "this authorization was started in another browser, or too long ago: start it again in this one";
    #[cfg(feature = "edge")] TransactionUsed "transaction_used" Refused "this authorization was used already: if you are not connected, start again";
    #[cfg(feature = "edge")] TransactionInterrupted "transaction_interrupted" Transport "the authorization was interrupted before its end: start again";
    #[cfg(feature = "edge")] ReturnToMissing "return_to_missing" Caller "the mode `redirect` needs `returnTo`: where the browser goes afterwards";
    #[cfg(feature = "edge")] ReturnToNotAllowed "return_to_not_allowed" Caller "`returnTo` is not under a URL that the worker's `returnTo` option lists";
    #[cfg(feature = "edge")] RedirectUriNotAllowed "redirect_uri_not_allowed" Caller "this redirect_uri is not in the worker's `redirectUris` option";
    #[cfg(feature = "edge")] CallbackOtherSubject "callback_other_subject" Refused "the authorization was started for another user: start it again as the one who is signed in";
    #[cfg(feature = "edge")] LinkNotFound "link_not_found" Caller "there is no such authorization link, or it is not yours to see";
    #[cfg(feature = "edge")] LinkUsed "link_used" Refused "this link was used already: ask for a new one in the conversation";
    #[cfg(feature = "edge")] LinkRevoked "link_revoked" Refused "this link was withdrawn: ask for a new one in the conversation";
    #[cfg(feature = "edge")] LinkExpired "link_expired" Refused "this link has expired: ask for a new one in the conversation";
    #[cfg(feature = "edge")] LinkOtherBrowser "link_other_browser" Refused "this link was opened in another browser: go on there, or ask for a new one in the conversation";
    #[cfg(feature = "edge")] LinkOtherUser "link_other_user" Refused "this link is for another Zendesk user: sign in to Zendesk as that user, or ask for a new link in the conversation";
    #[cfg(feature = "edge")] LinkOtherSite "link_other_site" Caller "this form was not sent from the link's own page: open the link again";
    #[cfg(feature = "edge")] LinkCookieMissing "link_cookie_missing" Refused "your browser keeps no cookies, which tie this link to it: allow cookies for this page, then open the link again";
    #[cfg(feature = "edge")] SubdomainMismatch "subdomain_mismatch" Caller "the authorization profile is for another Zendesk account";
    #[cfg(feature = "edge")] SealBroken "seal_broken" Internal "a sealed value was altered, or moved from where it belongs";
    #[cfg(feature = "edge")] SealingKeyUnknown "sealing_key_unknown" Internal "a value is sealed with a key that is no longer configured: add the key back, or authorize again";
    #[cfg(feature = "edge")] StoreUnavailable "store_unavailable" Transport "the store cannot be reached just now: try again in a moment";
    #[cfg(feature = "edge")] ZendeskUnreachable "zendesk_unreachable" Transport "the Zendesk account cannot be reached: check the subdomain, then try again in a moment";
    #[cfg(feature = "edge")] ZendeskTimeout "zendesk_timeout" Transport "Zendesk did not answer in time: start again";
    #[cfg(feature = "edge")] HostRefused "host_refused" Internal "a request was about to leave the account's own host and was not sent";
    #[cfg(feature = "edge")] ConnectionNotStored "connection_not_stored" Internal "Zendesk granted access, but it could not be saved, so nothing is connected: start again";
    #[cfg(feature = "edge")] Internal "internal" Internal "something went wrong on our side: try again, and report it if it stays";
}

/// What a server said when it refused: its OAuth error and what helps to wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerAnswer {
    /// HTTP status, 0 where there was none (a refusal in a callback).
    pub status: u16,
    /// The wire's `error` (RFC 6749 section 5.2), at most 200 characters; empty where there was none.
    pub error: String,
    /// The wire's `error_description`, at most 500 characters; empty where there was none.
    pub description: String,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u32>,
}

/// An error: one pointer, so that results stay small. Its parts are those of [`ErrorDetails`].
#[derive(Clone, Debug)]
pub struct Error(Box<ErrorDetails>);

/// An error's stable code, the field it belongs to, and what the server said.
#[derive(Clone, Debug)]
pub struct ErrorDetails {
    /// The stable code.
    pub code: Code,
    /// The form field or option that is wrong.
    pub field: Option<&'static str>,
    /// What the server said, for refusals.
    pub server: Option<ServerAnswer>,
}

impl core::ops::Deref for Error {
    type Target = ErrorDetails;

    fn deref(&self) -> &ErrorDetails {
        &self.0
    }
}

impl Error {
    fn with(code: Code, field: Option<&'static str>, server: Option<ServerAnswer>) -> Self {
        Self(Box::new(ErrorDetails { code, field, server }))
    }

    /// An error without more than its code.
    pub fn new(code: Code) -> Self {
        Self::with(code, None, None)
    }

    /// An error about one field or option.
    pub fn on(code: Code, field: &'static str) -> Self {
        Self::with(code, Some(field), None)
    }

    /// A refusal that carries the server's answer.
    pub fn refused(code: Code, answer: ServerAnswer) -> Self {
        Self::with(code, None, Some(answer))
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.message())?;
        match &self.server {
            Some(answer) if !answer.error.is_empty() => write!(f, " (`{}`)", answer.error),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
