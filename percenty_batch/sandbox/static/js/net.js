// Calls to the server. A lost sign-in sends the whole app to /signin.

import { toast } from "./antd/message.js";

let onSignedOut = () => {};
export const whenSignedOut = (handler) => { onSignedOut = handler; };
export const loseSignIn = () => onSignedOut();

export class Refused extends Error {
  constructor(status, { kind, message }) {
    super(message);
    this.status = status;
    this.kind = kind;
  }
}

/** Call the API; throws Refused. */
export async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  if (response.ok) return response.json();
  throw new Refused(response.status, await response.json().catch(() => ({ kind: "site_error", message: "" })));
}

/** Call the API as a signed-in page does: failures become a toast, and undefined. */
export async function ask(method, path, body) {
  try {
    return await call(method, path, body);
  } catch (refused) {
    if (refused.status === 401) onSignedOut();
    else if (refused.kind === "duplicate_name") throw refused;
    else toast("error", refused.message || "일시적인 오류가 발생했습니다.");
    return undefined;
  }
}
