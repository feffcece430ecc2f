/// Why.
#[repr(u16)]
pub enum VoiceClose {
    UnknownOpcode = 4001,
    FailedToDecodePayload = 4_002,
    NotAuthenticated = 0xFA3, // three
    #[deprecated]
    AuthenticationFailed = 4004,
    ServerNotFound = 4011,
    Disconnected = 4014,
}
impl VoiceClose {
    const fn can_resume(self) -> bool {
        !matches!(self, Self::Disconnected | Self::AuthenticationFailed)
    }
}
