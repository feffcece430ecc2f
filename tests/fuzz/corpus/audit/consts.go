const (
	CloseUnknownError = 4000 + iota
	CloseUnknownOpcode
	CloseDecodeError
	CloseNotAuthenticated
	CloseAuthenticationFailed
)
const (
	UnknownAccount     APIError = 10001
	UnknownApplication APIError = 10002
	UnknownChannel     APIError = 10003
	UnknownGuild       APIError = 10004
)
