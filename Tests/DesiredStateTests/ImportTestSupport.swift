import Foundation
import Testing

@testable import DesiredState

/// A folder of KubeFATE as its packages leave it, to be changed by a test.
struct KubeFATEFolder {
    static let directory = "/data/projects/fate"

    var files: [String: [UInt8]] = [:]
    var findings: [ImportFinding] = []

    /// The folder of version 1.5.1 for these parties, the first at 192.168.1.1, the next at .2, and so on.
    ///
    /// Its config files are those that the example renders: they say what KubeFATE's say.
    static func version151(_ parties: String...) throws -> KubeFATEFolder {
        var folder = KubeFATEFolder()
        let addresses = parties.indices.map { "192.168.1.\($0 + 1)" }
        folder["parties.conf"] = """
            #!/bin/bash
            user=fate
            dir=\(directory)
            party_list=(\(parties.joined(separator: " ")))
            party_ip_list=(\(addresses.joined(separator: " ")))
            computing_backend=eggroll
            exchangeip=
            mysql_password=fate_dev

            """
        for (party, address) in zip(parties, addresses) {
            folder["confs-\(party)/.env"] = "RegistryURI=\nTAG=1.5.1-release\nSERVING_TAG=2.0.0-release\n"
            folder["confs-\(party)/docker-compose.yml"] = try template(
                "docker-compose-1.5.1.yml", party: party, serving: address)
            let rendered = try rendered(party, serving: address)
            for (path, bytes) in rendered { folder.files["confs-\(party)/confs/\(path)"] = bytes }
            let peers = zip(parties, addresses).filter { $0.0 != party }.map {
                "    \"\($0)\": {\"default\": [{\"ip\": \"\($1)\", \"port\": 9370}]},\n"
            }
            folder["confs-\(party)/confs/eggroll/conf/route_table.json"] = table(
                of: party, peers: peers.joined())
            folder["confs-\(party)/confs/eggroll/conf/applicationContext-proxy.xml"] = "<beans/>\n"
        }
        return folder
    }

    /// The default route as KubeFATE writes it, with a string for its port.
    static func table(of party: String, peers: String) -> String {
        """
        {
          "route_table": {
            "default": {"default": [{"ip": "rollsite", "port": "9370"}]},
        \(peers)    "\(party)": {
              "default": [{"ip": "rollsite", "port": 9370}], "fateflow": [{"ip": "python", "port": 9360}]
            }
          },
          "permission": {"default_allow": true}
        }

        """
    }

    private static func template(_ name: String, party: String, serving: String) throws -> String {
        let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        let file = tests.deletingLastPathComponent().appending(path: "Support/kubefate/\(name)")
        return try String(contentsOf: file, encoding: .utf8).replacingOccurrences(of: "@PARTY@", with: party)
            .replacingOccurrences(of: "@DIR@", with: directory).replacingOccurrences(
                of: "@SERVING@", with: serving)
    }

    private static func rendered(_ party: String, serving: String) throws -> [(String, [UInt8])] {
        var example = try Example()
        example.addParty(party)
        try example.replace(
            "parties/\(party)/party.yaml", "SUBNET: 192.168.138.0/24", "SUBNET: 192.167.0.0/16")
        try example.replace(
            "parties/\(party)/party.yaml", "FLOW_IP: 192.168.138.100", "FLOW_IP: 192.167.0.100")
        try example.append("parties/\(party)/party.yaml", "  SERVING_HOST: \(serving)\n")
        return try example.decode().party(party).files.map { ($0.name, $0.content) }
    }

    /// A small folder of version 2.0.0 for one party.
    static func version200(_ party: String = "10000") throws -> KubeFATEFolder {
        var folder = KubeFATEFolder()
        let confs = "confs-\(party)"
        folder["\(confs)/docker-compose.yml"] = try template(
            "docker-compose-2.0.0.yml", party: party, serving: "fate-serving")
        folder["\(confs)/.env"] = """
            RegistryURI=
            KubeFATE_Version=v2.0.0-release

            FATEFlow_IMAGE="federatedai/fateflow"
            FATEFlow_IMAGE_TAG="2.0.0-release"
            EGGRoll_IMAGE="federatedai/eggroll"
            EGGRoll_IMAGE_TAG="2.0.0-release"
            OSX_IMAGE="federatedai/osx"
            OSX_IMAGE_TAG="2.0.0-release"
            Client_IMAGE="federatedai/client"
            Client_IMAGE_TAG="2.0.0-release"
            NOTEBOOK_HASHED_PASSWORD=argon2:f3a9c1
            """
        folder["\(confs)/confs/osx/conf/broker.properties"] =
            "grpc.port= 9370\nself.party=\(party)\nhttp.client.method.config = {\"UNARY_CALL\":{\"reqTimeout\":0}}\n"
        folder["\(confs)/confs/osx/conf/route_table.json"] = """
            {"route_table": {"9999": {"default": [{"ip": "192.168.1.2", "port": 9370}]},
              "\(party)": {"fateflow": [{"ip": "fateflow", "port": 9360}]}},
             "self_party": ["\(party)"], "permission": {"default_allow": true}}
            """
        folder["\(confs)/confs/eggroll/conf/eggroll.properties"] =
            "[eggroll]\neggroll.resourcemanager.process.tag=\(party)\n"
        folder["\(confs)/confs/fate_flow/conf/service_conf.yaml"] =
            "party_id: \"\(party)\"\nfateflow:\n  # its own address\n  host: 192.167.0.100\n  grpc_port: 9360\n"
        return folder
    }

    subscript(path: String) -> String {
        get { String(decoding: files[path] ?? [], as: UTF8.self) }
        set { files[path] = Array(newValue.utf8) }
    }

    mutating func replace(_ path: String, _ old: String, _ new: String) throws {
        let text = self[path]
        try #require(text.contains(old), "\(path) has no \(old)")
        self[path] = text.replacingOccurrences(of: old, with: new)
    }

    func imported(_ hosts: ImportHosts = ImportHosts(machine: "demo")) throws -> ImportedState {
        let folder = ImportFolder(path: "/root/kubefate", tree: SourceTree(files: files), findings: findings)
        return try ImportedState.reading(folder, hosts: hosts)
    }
}

extension ImportedState {
    func text(_ path: String) throws -> String {
        String(decoding: try #require(tree.files[path], "\(tree.files.keys.sorted())"), as: UTF8.self)
    }

    /// Findings of one kind, a line each.
    func lines(_ kind: ImportFinding.Kind) -> [String] {
        findings.filter { $0.kind == kind }.map { "\($0.location): \($0.message)" }
    }

    /// The state as a host reads it.
    func decode(_ host: String = "demo", secrets: [String: String] = [:]) -> DesiredState {
        DesiredState.decode(
            tree, context: DecodingContext(host: host, dataDirectory: dataDirectory, secrets: secrets))
    }
}
