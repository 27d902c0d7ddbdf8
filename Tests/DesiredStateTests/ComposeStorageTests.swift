import Testing

@testable import DesiredState

struct ComposeStorageTests {
    private static let volumes = """
        volumes:
          data:
          logs: {name: the_logs}

        """

    @Test(arguments: [
        ("/a/b:/c", Mount(.bind, from: "/a/b", to: "/c")),
        ("/a/:/c/:ro", Mount(.bind, from: "/a", to: "/c", readOnly: true)),
        ("/a:/c:rw", Mount(.bind, from: "/a", to: "/c")),
        ("/:/c:ro", Mount(.bind, from: "/", to: "/c", readOnly: true)),
        ("data:/c", Mount(.volume, from: "party_data", to: "/c")),
        ("logs:/c:ro", Mount(.volume, from: "the_logs", to: "/c", readOnly: true)),
        ("/c", Mount(.volume, from: "", to: "/c")),
    ])
    func volumesInShortForm(_ text: String, _ expected: Mount) throws {
        let found = try service("volumes: ['\(text)']", after: Self.volumes)
        #expect(found.spec.container.mounts == [expected])
        #expect(found.hostPaths.map(\.value) == (expected.kind == .bind ? [expected.source] : []))
        let isNamed = expected.kind == .volume && !expected.source.isEmpty
        #expect(found.volumes.map(\.value) == (isNamed ? [expected.source] : []))
    }

    @Test(arguments: [
        (
            "{type: bind, source: /a, target: /c, read_only: true, bind: {create_host_path: false}}",
            Mount(.bind, from: "/a", to: "/c", readOnly: true)
        ),
        ("{type: volume, source: data, target: /c}", Mount(.volume, from: "party_data", to: "/c")),
        ("{type: volume, target: /c}", Mount(.volume, from: "", to: "/c")),
    ])
    func volumesInLongForm(_ text: String, _ expected: Mount) throws {
        #expect(try container("volumes: [\(text)]", after: Self.volumes).mounts == [expected])
    }

    @Test func temporaryFileSystems() throws {
        #expect(try container("tmpfs: /run").tmpfs == ["/run": ""])
        let list = try container("tmpfs: ['/run:size=64m,mode=755', /tmp/]")
        #expect(list.tmpfs == ["/run": "size=64m,mode=755", "/tmp": ""])
        let long = try container(
            "volumes: [{type: tmpfs, target: /run, tmpfs: {size: 1m, mode: 493}}, {type: tmpfs, "
                + "target: /tmp}]"
        )
        #expect(long.tmpfs == ["/run": "size=1048576,mode=755", "/tmp": ""])
        #expect(long.mounts == [])
        #expect(try container("read_only: true").readOnly)
    }

    private static let unclean = "must be a path without \"..\", \".\", empty parts and spaces at their ends"
    static let refusals = [
        ComposeCase(
            "volumes: [./a:/c]",
            "4:15: error E-PATH: an element of \"volumes\" must be an absolute path on the host, "
                + "because compose.yaml has no directory there, found \"./a\""),
        ComposeCase(
            "volumes: ['~/a:/c']",
            "4:15: error E-PATH: an element of \"volumes\" must be an absolute path on the host, "
                + "because compose.yaml has no directory there, found \"~/a\""),
        ComposeCase(
            "volumes: [a/b:/c]",
            "4:15: error E-PATH: an element of \"volumes\" must be an absolute path on the host, "
                + "because compose.yaml has no directory there, found \"a/b\""),
        ComposeCase(
            "volumes: [/a/../etc:/c]",
            "4:15: error E-PATH: an element of \"volumes\" \(unclean), found \"/a/../etc\""),
        ComposeCase(
            "volumes: [//x:/c]", "4:15: error E-PATH: an element of \"volumes\" \(unclean), found \"//x\""),
        ComposeCase(
            "volumes: [/a/./b:/c]",
            "4:15: error E-PATH: an element of \"volumes\" \(unclean), found \"/a/./b\""),
        ComposeCase(
            "volumes: ['/a :/c']", "4:15: error E-PATH: an element of \"volumes\" \(unclean), found \"/a \""),
        ComposeCase(
            "volumes: [/a:c]",
            "4:15: error E-PATH: an element of \"volumes\" must be an absolute path on the "
                + "container, found \"c\""
        ),
        ComposeCase(
            "volumes: [dat:/c]",
            "4:15: error E-REF: an element of \"volumes\" refers to an unknown volume \"dat\" "
                + "(did you mean \"data\"?)"),
        ComposeCase(
            "volumes: ['/a:/c:z']",
            "4:15: error E-VALUE: an element of \"volumes\" has the option z, but fatesync does "
                + "not relabel files "
                + "for SELinux"),
        ComposeCase(
            "volumes: ['/a:/c:ro,nocopy']",
            "4:15: error E-VALUE: an element of \"volumes\" has the option \"nocopy\"; only ro and "
                + "rw are supported"
        ),
        ComposeCase(
            "volumes: ['/a:/c:ro:x']",
            "4:15: error E-VALUE: an element of \"volumes\" must be SOURCE:TARGET or SOURCE:TARGET:ro, "
                + "found \"/a:/c:ro:x\""),
        ComposeCase(
            "volumes: [/a:/c, data:/c/]", "4:22: error E-DUP: /c is already a mount point, from line 4"),
        ComposeCase(
            "volumes: [/a:/c]\ntmpfs: /c", "5:12: error E-DUP: /c is already a mount point, from line 4"),
        ComposeCase("volumes: [/a:/]", "4:15: error E-PATH: nothing can be mounted at / of the container"),
        ComposeCase(
            "volumes: [{type: bind, target: /c}]",
            "4:15: error E-REQUIRED: an element of \"volumes\" needs the key \"source\""),
        ComposeCase(
            "volumes: [{type: volume, source: data, target: /c, volume: {nocopy: true}}]",
            "4:56: error E-KEY: unknown key \"volume\" (allowed: bind, read_only, source, target, type)"),
        ComposeCase(
            "volumes: [{type: npipe, source: /a, target: /c}]",
            "4:22: error E-VALUE: \"type\" cannot be \"npipe\" (allowed: bind, volume, tmpfs)"),
        ComposeCase(
            "volumes: [{type: bind, source: /a, target: /c, bind: {create_host_path: true}}]",
            "4:59: error E-VALUE: \"create_host_path\" cannot be true; list the path under "
                + "\"directories\" in "
                + "blueprint.yaml"),
        ComposeCase(
            "tmpfs: '/run:size=1m,sise=2m'",
            "4:12: error E-VALUE: \"tmpfs\" has an unknown option \"sise=2m\" (known: size=, "
                + "mode=, uid=, gid=, "
                + "nr_inodes=, nr_blocks=, rw, ro, exec, noexec, suid, nosuid, dev, nodev)"),
        ComposeCase(
            "tmpfs: run",
            "4:12: error E-PATH: \"tmpfs\" must be an absolute path on the container, found \"run\""),
    ]

    @Test(arguments: refusals)
    func isRefused(_ example: ComposeCase) throws { try example.check(after: Self.volumes) }
}
