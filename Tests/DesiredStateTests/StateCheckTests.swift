import Testing

@testable import DesiredState

/// Checks between files, before anything is touched.
struct StateCheckTests {
    private static let conf = "blueprints/fate-1.5.1/confs/fate_flow/conf/service_conf.yaml"
    private static let properties = "blueprints/fate-1.5.1/confs/eggroll/conf/eggroll.properties"

    /// The example with overrides of party 10000.
    private func overriding(_ text: String) throws -> Example {
        try Example(Example.party10000, "variables:\n", "overrides:\n\(text)variables:\n")
    }

    @Test func anotherAddressInTheFileIsRefusedWhereThePartyWritesIt() throws {
        let example = try overriding(
            "  confs:\n    fate_flow/conf/service_conf.yaml:\n      fateflow: {host: 192.168.136.101}\n")
        #expect(
            example.lines == [
                "parties/10000/party.yaml:15:24: error E-ADDRESS: fateflow.host of "
                    + "fate_flow/conf/service_conf.yaml is \"192.168.136.101\", and the address of service "
                    + "\"python\" is 192.168.136.100 (blueprints/fate-1.5.1/compose.yaml:170:23); its program "
                    + "binds to the first, so both must be equal"
            ])
        #expect(example.decode().invalidUnits == [.party("10000")])
    }

    @Test func anotherAddressOfTheContainerIsRefusedWhereThePartyWritesIt() throws {
        let example = try overriding(
            "  services:\n    python:\n      networks: {fate-network: {ipv4_address: 192.168.136.7}}\n")
        #expect(
            example.lines == [
                "parties/10000/party.yaml:15:47: error E-ADDRESS: fateflow.host of "
                    + "fate_flow/conf/service_conf.yaml is \"192.168.136.100\", and the address of service "
                    + "\"python\" is 192.168.136.7 (\(Self.conf):7:9); its program binds to the first, so both "
                    + "must be equal"
            ])
    }

    @Test func aContainerWithoutAddressIsRefused() throws {
        let example = try Example(Example.compose, "        ipv4_address: ${FLOW_IP}\n", "")
        #expect(
            example.lines == [
                "\(Self.conf):7:9: error E-ADDRESS: fateflow.host of fate_flow/conf/service_conf.yaml is "
                    + "\"192.168.137.100\", and service \"python\" has no ipv4_address; its program binds to that "
                    + "address and ends when its container does not have it (and likewise for every other party)"
            ])
    }

    @Test func aFileWithoutTheAddressIsRefused() throws {
        let example = try Example(Self.conf, "  host: ${FLOW_IP}\n", "")
        let lines = example.lines
        try #require(lines.count == 1)
        #expect(
            lines[0].hasSuffix(
                "error E-ADDRESS: fate_flow/conf/service_conf.yaml has no fateflow.host, which must be the address "
                    + "of service \"python\""))
    }

    @Test func anAddressOutsideTheSubnetIsRefused() throws {
        #expect(
            try Example(Example.party10000, "FLOW_IP: 192.168.136.100", "FLOW_IP: 192.168.137.100").lines == [
                "parties/10000/party.yaml:14:12: error E-IP: \"ipv4_address\" must be inside 192.168.136.0/24, "
                    + "found \"192.168.137.100\" (used in blueprints/fate-1.5.1/compose.yaml:170:23)"
            ])
    }

    @Test func aPercentSignInAPropertiesFileOfPythonIsRefused() throws {
        let example = try overriding(
            "  confs:\n    eggroll/conf/eggroll.properties:\n      eggroll.logs.dir: logs%20\n")
        #expect(
            example.lines == [
                "parties/10000/party.yaml:15:25: error E-VALUE: the value of \"eggroll.logs.dir\" has a \"%\", with "
                    + "which Python's configparser reads no key of this file"
            ])
    }

    @Test func aCommentThatRepeatsAKeyIsRefusedInThatFileOnly() throws {
        var example = try Example(
            Self.properties, "eggroll.logs.dir=logs/", "#eggroll.logs.dir = /old\neggroll.logs.dir=logs/")
        #expect(
            example.lines == [
                "\(Self.properties):13:1: error E-DUP: the comment repeats the key \"eggroll.logs.dir\" of line 14, "
                    + "and scripts that look for it with grep find both; remove the comment"
            ])
        example = try Example()
        try example.append(
            "blueprints/fate-1.5.1/confs/fateboard/conf/application.properties", "# server.port=8081\n")
        #expect(example.lines == [])
    }

    @Test func aCommentThatRepeatsAKeyOnTheHostIsADifference() throws {
        let file = try Example().decode().party("10000").file("eggroll/conf/eggroll.properties")
        #expect(file.difference(from: file.content) == .none)
        #expect(file.difference(from: file.content + Array("# a remark\n".utf8)) == .none)
        #expect(
            file.difference(from: file.content + Array("#eggroll.logs.dir=/old\n".utf8))
                == .keys([ConfigKeyChange(key: "#eggroll.logs.dir", old: "/old", new: nil)]))
    }
}
