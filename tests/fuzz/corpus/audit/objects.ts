export const enum CloseCodes { UnknownError = 4_000, UnknownOpcode, DecodeError, NotAuthenticated }
export const Errors = { "Unknown Account": 10001, UNKNOWN_GUILD: 10004, [10003]: 'UnknownChannel', nested: { a: 1 } } as const;
switch (code) {
  case CloseCodes.UnknownError: // 4000
    return true;
  case 4014: return `x ${y}`;
}
