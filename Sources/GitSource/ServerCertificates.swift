internal import Glibc

/// The certificates that vouch for https servers.
enum ServerCertificates {
    /// `SSL_CERT_FILE`, or the bundle of the distribution.
    static var systemFile: String {
        if let file = getenv("SSL_CERT_FILE") { return String(cString: file) }
        let bundles = [
            "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
        ]
        return bundles.first { access($0, R_OK) == 0 } ?? bundles[0]
    }
}
