/** The URL of a server on this host and port, for callers on the same machine or network. */
export const publicUrlOf = (host: string, port: number): string => {
  // An address that means "every interface" cannot be called.
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return host.includes(":") ? `http://[${host}]:${port}` : `http://${host}:${port}`;
};

/** Whether a text can stand as host in a URL. */
export const isHost = (host: string): boolean =>
  /^[^\s/?#@[\]]+$/.test(host) && URL.canParse(publicUrlOf(host, 0));
