class Op(IntEnum):
    """Opcodes."""
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    RESUME = 6

MESSAGES = {
    4004: 'Authentication failed',
    4010: "Invalid shard",
    4011: f"Sharding required",
    4014: r'Disallowed intents',
}
if code in (4004, 4010, 4011): raise Stop
