import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { mayAct } from "./account.js";
import { formOf } from "./http.js";
import { loginPage } from "./pages/login.js";

const COOKIE = "sandbox_session";
/** Where a sign-in may lead: back to the authorization that asked for it, or home. */
const RETURN_PATHS = ["/oauth/authorizations/new", "/"];

/**
 * Who is signed in to the account's pages.
 *
 * @param {import("./http.js").SandboxContext} c
 */
export function signedIn(c) {
  const account = c.get("account");
  const session = account.session(getCookie(c, COOKIE));
  const user = session && account.user(session.userId);
  return session && user && mayAct(user) ? { session, user } : undefined;
}

/**
 * @param {import("./http.js").SandboxContext} c
 * @param {string} returnTo
 */
export function askToSignIn(c, returnTo) {
  return c.redirect(`/access/login?${new URLSearchParams({ return_to: returnTo })}`);
}

/** @param {import("./http.js").SandboxApp} app */
export function sessionRoutes(app) {
  app.get("/access/login", (c) => {
    const returnTo = localPath(c.req.query("return_to"));
    return c.html(loginPage({ account: c.get("account"), returnTo }));
  });
  app.post("/access/login", async (c) => {
    if (!sameOrigin(c)) return c.text("Sign in on the account's own page.", 403);
    const { email = "", password = "", return_to } = await formOf(c);
    const account = c.get("account");
    const returnTo = localPath(return_to);
    const user = account.userByEmail(email);
    const problem = problemWith(user, password);
    if (!user || problem) return c.html(loginPage({ account, returnTo, email, problem }), 401);
    setCookie(c, COOKIE, account.signIn(user).id, { httpOnly: true, sameSite: "Lax", path: "/" });
    return c.redirect(returnTo, 303);
  });
  app.post("/access/logout", async (c) => {
    if (!sameOrigin(c)) return c.text("Sign out on the account's own page.", 403);
    const current = signedIn(c);
    if (current) c.get("account").signOut(current.session.id);
    deleteCookie(c, COOKIE);
    return askToSignIn(c, localPath((await formOf(c)).return_to));
  });
}

/**
 * @param {import("./seed.js").User | undefined} user
 * @param {string} password
 */
function problemWith(user, password) {
  if (!user || user.password !== password) return "That email address and password do not belong together.";
  if (user.suspended) return "This user is suspended. Ask an administrator of the account.";
  if (!user.verified) return "This user has not verified the email address yet.";
  return undefined;
}

/** @param {string | undefined} path */
function localPath(path) {
  if (!path?.startsWith("/")) return "/";
  const url = new URL(path, "http://local.invalid");
  const allowed = url.origin === "http://local.invalid" && RETURN_PATHS.includes(url.pathname);
  return allowed ? url.pathname + url.search : "/";
}

/** @param {import("./http.js").SandboxContext} c */
export function sameOrigin(c) {
  const origin = c.req.header("origin");
  return origin === undefined || origin === new URL(c.req.url).origin;
}
