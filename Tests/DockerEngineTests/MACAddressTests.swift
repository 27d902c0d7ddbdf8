import DesiredState
import Foundation
import Planning
import Testing

@testable import DockerEngine

/// Which hardware addresses somebody chose, and how a new container gets one.
@Suite struct MACAddressTests {
    private static let chosen = "02:42:AA:BB:CC:01"

    private func chosen(
        mode: String = "net", config: String? = nil, _ endpoints: [String: (mac: String, ip: String)],
        apiVersion: String
    ) throws -> [String: String] {
        let networks = endpoints.mapValues { endpoint in
            ["MacAddress": endpoint.mac, "IPAddress": endpoint.ip, "NetworkID": "id"]
        }
        var document: [String: Any] = [
            "Id": "c", "Name": "/c", "Image": "i", "State": ["Status": "running"],
            "HostConfig": ["NetworkMode": mode], "NetworkSettings": ["Networks": networks],
        ]
        document["Config"] = config.map { ["Image": "i", "MacAddress": $0] } ?? ["Image": "i"]
        let bytes = try JSONSerialization.data(withJSONObject: document)
        let container: WireContainer = try decodeJSON(Array(bytes), "inspect")
        return container.chosenMACAddresses(apiVersion: apiVersion)
    }

    @Test(arguments: ["1.41", "1.45", "1.51"])
    func theAddressOfTheMainNetworkIsChosenWhereTheConfigurationSaysSo(_ version: String) throws {
        let derived = (mac: "02:42:0a:4d:01:02", ip: "10.77.1.2")
        #expect(try chosen(["net": derived], apiVersion: version) == [:])
        #expect(
            try chosen(config: Self.chosen, ["net": derived], apiVersion: version) == ["net": Self.chosen])
        // Engine 25.0.0 shows there what it has made up.
        #expect(try chosen(config: "02:42:0a:4d:01:02", ["net": derived], apiVersion: version) == [:])
        #expect(
            try chosen(mode: "default", config: Self.chosen, ["bridge": derived], apiVersion: version)
                == ["bridge": Self.chosen])
        #expect(try chosen(config: Self.chosen, ["other": ("", "")], apiVersion: version) == [:])
    }

    @Test(arguments: [("1.41", false), ("1.43", false), ("1.44", true), ("1.47", true), ("1.48", false)])
    func theAddressOfAnotherNetworkIsChosenWhereItCannotBeMadeUp(_ version: String, _ isKnown: Bool) throws {
        let endpoints: [String: (mac: String, ip: String)] = [
            "net": ("02:42:0a:4d:01:02", "10.77.1.2"), "side": ("02:42:aa:bb:cc:06", "10.77.2.2"),
            "third": ("02:42:0a:4d:03:02", "10.77.3.2"), "fourth": ("", ""),
        ]
        let expected = isKnown ? ["side": "02:42:aa:bb:cc:06"] : [:]
        #expect(try chosen(endpoints, apiVersion: version) == expected)
    }

    @Test func theAddressIsSentWhereTheEngineTakesIt() throws {
        var spec = ContainerSpec(name: "c", image: "i")
        spec.networks = ["a": EndpointSpec(), "b": EndpointSpec()]
        spec.networks["b"]?.macAddress = Self.chosen
        #expect(spec.networksAtCreate(apiVersion: "1.41") == ["b"])
        func text(_ version: String) -> String {
            let request = EngineCall.createContainer(spec, name: "c").request(apiVersion: version)
            return String(decoding: request.body, as: UTF8.self)
        }
        let address = #""MacAddress":"\#(Self.chosen)""#
        let old = text("1.41")
        // The engine gives it to the endpoint on the container's own network.
        #expect(old.contains(#","# + address + #",""#))
        #expect(old.contains(#""NetworkMode":"b""#))
        let new = text("1.44")
        #expect(new.contains(#""EndpointsConfig":{"a":{"Aliases":[]},"b":{"Aliases":[],\#(address)}}"#))
        #expect(new.components(separatedBy: "MacAddress").count == 2)
    }
}
