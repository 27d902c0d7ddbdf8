import Testing

@testable import GitSource

struct RepositoryURLTests {
    static let accepted: [(text: String, address: String, shown: String)] = [
        ("/srv/state.git", "file:///srv/state.git", "/srv/state.git"),
        ("/srv/a b:c%.git", "file:///srv/a%20b%3Ac%25.git", "/srv/a b:c%.git"),
        ("file:///srv/a%20b.git", "file:///srv/a%20b.git", "/srv/a b.git"),
        ("file://localhost/srv/s.git", "file:///srv/s.git", "/srv/s.git"),
        (
            "https://Git.Example/o/state.git", "https://git.example/o/state.git",
            "https://git.example/o/state.git"
        ),
        ("http://10.0.0.1:3000/s.git", "http://10.0.0.1:3000/s.git", "http://10.0.0.1:3000/s.git"),
        ("https://ghp_token@h/s.git", "https://h/s.git", "https://h/s.git"),
        ("https://[fd00::1]:8443/s", "https://[fd00::1]:8443/s", "https://[fd00::1]:8443/s"),
        ("ssh://h/s.git", "ssh://git@h/s.git", "ssh://git@h/s.git"),
        ("ssh://deploy@h:2222/s.git", "ssh://deploy@h:2222/s.git", "ssh://deploy@h:2222/s.git"),
        ("git@h:team/s.git", "git@h:team/s.git", "git@h:team/s.git"),
        ("git@h:/srv/s.git", "ssh://git@h/srv/s.git", "ssh://git@h/srv/s.git"),
    ]

    @Test(arguments: accepted)
    func `a supported form reaches libgit2 without a credential`(
        _ example: (text: String, address: String, shown: String)
    ) throws {
        let url = try RepositoryURL(parsing: example.text)
        #expect(url.address == example.address)
        #expect(url.description == example.shown)
    }

    @Test(arguments: [
        ("", "empty"), ("state.git", "neither"), ("../state.git", "neither"), ("host:path", "neither"),
        ("git://h/s.git", "authenticates nobody"), ("ext::sh -c id", "remote helpers"),
        ("ftp://h/s", "scheme"),
        ("file://other/srv/s.git", "absolute"), ("file:///srv/%zz", "% sequence"), ("https://h", "path"),
        ("https://h/", "path"), ("https://h:0/s", "port"), ("https://h:99999/s", "port"),
        ("https:///s", "host"),
        ("ssh://-oProxyCommand=x/s", "host"), ("-x@h:s", "user"), ("git@h:-x", "path"),
        ("https://h/a?b=c", "special"),
        ("ssh://h/a'b", "special"), ("ssh://h/a b", "special"), ("/srv/a\nb", "control"),
        ("https://[::1/s", "]"),
    ])
    func `any other form is refused with its reason`(_ text: String, _ reason: String) {
        let error = #expect(throws: GitError.self) { try RepositoryURL(parsing: text) }
        #expect(error?.code == .invalid)
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "https://ada:s3cret@h/s.git", "https://:s3cret@h/s.git", "ssh://ada:s3cret@h/s.git",
        "ada:s3cret@h:s.git",
        "https://ada:s3@cret@h/s.git", "ftp://ada:s3cret@h/s.git", "https://ada:s3cret@h:0/s.git",
    ])
    func `a password in the URL is refused and never repeated`(_ text: String) {
        let error = #expect(throws: GitError.self) { try RepositoryURL(parsing: text) }
        #expect(error?.description.contains("s3") == false, "\(String(describing: error))")
        #expect(error?.description.contains("cret") == false, "\(String(describing: error))")
    }
}
