internal import Glibc

/// IPv6 addresses, which fatesync hands on but does not reckon with.
enum IPv6Text {
    static func isAddress(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }
}
