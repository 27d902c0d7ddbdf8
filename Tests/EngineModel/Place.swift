import DesiredState
package import Planning

/// Where generated parties live: names, addresses and images that a host has.
package struct Place: Sendable {
    package var host = "demo"
    /// Before every name.
    package var prefix = ""
    package var folder = "/data"
    /// The first two numbers of the addresses that networks have, and of those that they change to.
    package var subnets = ("10.0", "10.9")
    /// Added to every port of the host.
    package var firstPort = 0
    package var images = RandomHost.images
    /// A command that keeps running, where containers really start; then only what lets it run is changed.
    package var process: [String]?

    package init() {}
}

extension RandomHost {
    package static let images: [String: LiveImage] = [
        "app:1": LiveImage(
            id: "sha256:app1", command: ["serve"], entrypoint: ["/app"],
            environment: ["PATH=/bin", "MODE=image"], labels: ["vendor": "somebody"],
            exposedPorts: ["80/tcp"], volumes: ["/scratch"], user: "app", workingDirectory: "/srv",
            stopSignal: "SIGINT",
            healthcheck: Healthcheck(
                test: ["CMD", "ok"], interval: 5, timeout: 6, startPeriod: 7, retries: 2)),
        "app:2": LiveImage(id: "sha256:app2", command: ["serve"], environment: ["PATH=/bin"]),
        "db:8": LiveImage(id: "sha256:db8", entrypoint: ["/db"], volumes: ["/var/db"]),
    ]
}
