/** The version that this page belongs to: the server tells its own as a conversation begins, and an old page is noticed. Pure. */
export const VERSION = "0.1.0";
