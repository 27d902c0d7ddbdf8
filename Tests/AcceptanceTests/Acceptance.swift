import Testing

/// The whole program against a real engine and real git repositories.
///
/// One test at a time: they measure times, and each keeps the engine busy.
@Suite(.serialized) enum Acceptance {}
