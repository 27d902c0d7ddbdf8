import CCurl
import Glibc

/// One exchange in libcurl: an easy handle, its options and what was received.
///
/// libcurl keeps a plain pointer to this object for its callback, so whoever adds `easy` to a multi
/// handle keeps the object until the handle is removed again.
final class Transfer {
    /// No answer of an engine is larger; a larger one is refused.
    static let bodyLimit = 32 << 20

    let request: HTTPRequest
    let easy: UnsafeMutableRawPointer
    private let target: String
    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var body: [UInt8] = []
    private var failure: DockerError?
    private(set) var lastActivity = ContinuousClock.now

    init(_ request: HTTPRequest, to endpoint: DockerEndpoint) throws(DockerError) {
        guard curlIsInitialised == CURLE_OK, let easy = curl_easy_init() else {
            throw DockerError(.unreachable, request.operation, "libcurl cannot start")
        }
        self.request = request
        self.easy = easy
        target = endpoint.description
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configure(for: endpoint)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// When the exchange has taken too long.
    var expiry: ContinuousClock.Instant { lastActivity + request.limits.deadline }

    var status: Int {
        var code = 0
        _ = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &code)
        return code
    }

    /// What came of the exchange once libcurl is done with it.
    func result(of code: CURLcode) -> Result<HTTPAnswer, DockerError> {
        if let failure { return .failure(failure) }
        guard code == CURLE_OK else { return .failure(error(for: code)) }
        return .success(
            HTTPAnswer(
                status: status, body: body, server: header("Server"), apiVersion: header("Api-Version")))
    }

    var timeout: DockerError {
        let what = request.limits.clock == .total ? "no answer" : "nothing received"
        return DockerError(
            .timeout, request.operation, "\(what) within \(request.limits.deadline) from \(target)",
            outcomeIsUnknown: request.isMutation)
    }

    /// Returns whether the transfer may go on.
    fileprivate func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if request.limits.clock == .sinceLastByte { lastActivity = .now }
        do throws(DockerError) {
            if status == 200, let consumer = request.consumer {
                try consumer(bytes)
            } else {
                guard body.count + bytes.count <= Self.bodyLimit else {
                    throw DockerError(
                        .undecodable, request.operation, "the answer is larger than \(Self.bodyLimit) bytes",
                        outcomeIsUnknown: request.isMutation)
                }
                body.append(contentsOf: bytes)
            }
            return true
        } catch {
            failure = error
            return false
        }
    }

    private func header(_ name: String) -> String? {
        var found: UnsafeMutablePointer<curl_header>?
        let origin = UInt32(CURLH_HEADER)
        guard curl_easy_header(easy, name, 0, origin, -1, &found) == CURLHE_OK, let found else { return nil }
        return String(cString: found.pointee.value)
    }
}

extension Transfer {
    private func configure(for endpoint: DockerEndpoint) {
        set(CURLOPT_URL, endpoint.baseURL + request.path)
        switch endpoint.transport {
        case .unix(let path):
            set(CURLOPT_UNIX_SOCKET_PATH, path)
        case .tcp(_, let tls):
            if let tls {
                set(CURLOPT_CAINFO, tls.certificateAuthority)
                set(CURLOPT_SSLCERT, tls.certificate)
                set(CURLOPT_SSLKEY, tls.key)
            }
        }
        set(CURLOPT_PROTOCOLS_STR, endpoint.baseURL.hasPrefix("https") ? "https" : "http")
        // An engine is never behind the proxy that the environment may name.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        _ = ccurl_set_receiver(easy, receive, Unmanaged.passUnretained(self).toOpaque())
        configureMethod()
        if request.isMutation {
            // libcurl sends a request again when a kept connection turns out to be dead. Only a fresh
            // connection rules out that one call reaches the engine twice.
            set(CURLOPT_FRESH_CONNECT, 1)
        }
        for line in ["Expect:"] + request.headers {
            guard let longer = curl_slist_append(headers, line) else { continue }
            headers = longer
        }
        _ = ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
    }

    private func configureMethod() {
        switch request.method {
        case "GET":
            set(CURLOPT_HTTPGET, 1)
        case "HEAD":
            // Without it libcurl waits for the body that the header speaks of.
            set(CURLOPT_NOBODY, 1)
        case "POST":
            set(CURLOPT_POST, 1)
            _ = request.body.withUnsafeBytes { ccurl_set_body(easy, $0.baseAddress, $0.count) }
            let type = request.body.isEmpty ? "Content-Type:" : "Content-Type: application/json"
            headers = curl_slist_append(headers, type)
        default:
            set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private func set(_ option: CURLoption, _ value: Int) {
        precondition(
            ccurl_set_long(easy, option, value) == CURLE_OK, "libcurl takes option \(option.rawValue)")
    }

    private func set(_ option: CURLoption, _ value: String) {
        precondition(
            ccurl_set_string(easy, option, value) == CURLE_OK, "libcurl takes option \(option.rawValue)")
    }

    private func error(for code: CURLcode) -> DockerError {
        let detail = String(cString: errorText)
        let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST:
            // For a unix socket, libcurl speaks of the host name in the URL, which nobody resolves.
            var number = 0
            _ = ccurl_get_long(easy, CURLINFO_OS_ERRNO, &number)
            let cause = number == 0 ? reason : String(cString: strerror(Int32(number)))
            return DockerError(
                .unreachable, request.operation,
                "no engine answers at \(target) (\(cause)); check that it runs and that this user may use it")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            return DockerError(
                .undecodable, request.operation, "\(target) does not answer like an engine (\(reason))",
                outcomeIsUnknown: request.isMutation)
        default:
            return DockerError(
                .unreachable, request.operation, "no whole answer from \(target) (\(reason))",
                outcomeIsUnknown: request.isMutation)
        }
    }
}

/// libcurl wants this before anything else, once in a process.
private let curlIsInitialised = curl_global_init(Int(CURL_GLOBAL_NOTHING))

private let receive: ccurl_receive = { data, size, count, context in
    guard let data, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
    return transfer.accept(bytes) ? bytes.count : 0
}
