/// What reads a route table, and what it makes of one.
enum RouteTableFormat: String, Sendable, CaseIterable {
    /// rollsite of eggroll 2.
    case rollsite
    /// OSX of FATE 2.
    case osx
    /// The nginx that stands before FATE Flow where it computes on Spark.
    case nginx
    /// FATE Flow's tables of message queues.
    case rabbitmq, pulsar
    /// The proxy of FATE-Serving.
    case servingProxy = "serving-proxy"

    /// A port that `self` names, which is one inside the party's network.
    struct OwnPort {
        var key: String
        var isRequired = true
        /// What others dial to get there.
        var dialledAs: EndpointPort?
        var isSecure = false
    }

    var ownPorts: [OwnPort] {
        switch self {
        case .rollsite, .osx:
            [
                OwnPort(key: "port", dialledAs: .port),
                OwnPort(key: "securePort", isRequired: false, dialledAs: .port, isSecure: true),
            ]
        case .nginx: [OwnPort(key: "http", dialledAs: .http), OwnPort(key: "grpc", dialledAs: .grpc)]
        case .rabbitmq: [OwnPort(key: "port", dialledAs: .rabbitmq)]
        case .pulsar:
            [
                OwnPort(key: "port", dialledAs: .pulsar),
                OwnPort(key: "sslPort", isRequired: false, dialledAs: .pulsarSSL),
            ]
        case .servingProxy: [OwnPort(key: "port")]
        }
    }

    /// Whether the table has an entry with the address of `self`.
    var listsItself: Bool { self != .osx }

    /// The service of the party to which its own messages are passed on; `nil` where the reader is the end.
    var backend: String? {
        switch self {
        case .rollsite, .osx, .nginx: "fateflow"
        case .rabbitmq, .pulsar: nil
        case .servingProxy: "serving"
        }
    }

    var backendPorts: [String] { self == .nginx ? ["http", "grpc"] : ["port"] }

    /// The ports of an endpoint without which an entry cannot be made.
    var dialledPorts: [EndpointPort] {
        switch self {
        case .rollsite, .osx: [.port]
        case .nginx: [.http, .grpc]
        case .rabbitmq: [.rabbitmq]
        case .pulsar: [.pulsar]
        case .servingProxy: [.serving]
        }
    }

    /// Whether there is a table of this format for an exchange.
    var servesExchanges: Bool { self == .rollsite || self == .osx }

    /// Whether its reader keeps messages for parties that fetch them.
    var allowsPolling: Bool { self == .rollsite }

    var fileFormat: ConfigFormat {
        switch self {
        case .rollsite, .osx, .servingProxy: .json
        case .nginx, .rabbitmq, .pulsar: .yaml
        }
    }

    /// What its readers cannot do without.
    var requiredMaps: Set<String> {
        switch self {
        case .rollsite, .osx, .servingProxy: ["route_table"]
        case .nginx: ["default"]
        case .rabbitmq, .pulsar: []
        }
    }

    /// What a change needs if `files` does not say it; the message queues' tables are read by each task anew.
    var effect: ChangeEffect {
        switch self {
        case .rollsite: .reload(withinSeconds: 60)
        case .osx: .reload(withinSeconds: 3)
        case .nginx: .reload(withinSeconds: 5)
        case .servingProxy: .reload(withinSeconds: 10)
        case .rabbitmq, .pulsar: .nothing
        }
    }

    /// Its reader as people call it.
    var program: String {
        switch self {
        case .rollsite, .nginx: rawValue
        case .osx: "OSX"
        case .rabbitmq: "RabbitMQ"
        case .pulsar: "Pulsar"
        case .servingProxy: "FATE-Serving"
        }
    }
}
