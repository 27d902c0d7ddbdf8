import Testing

@testable import Reconciliation

/// What a control group of version 1 lets a container do with devices.
struct DeviceRuleTests {
    @Test(arguments: [
        ("a *:* rwm", true), ("c 195:0 rw", true), ("c 195:* rwm", true), ("c *:* m", false),
        ("c *:0 r", true),
        ("b 195:0 rwm", false), ("c 195:1 rwm", false), ("c 19:50 rwm", false), ("c 1950 rwm", false),
        ("", false),
    ])
    func allows(_ line: String, _ isAllowed: Bool) {
        let device = Device(isBlock: false, major: 195, minor: 0)
        #expect((DeviceRule(line[...])?.allows(device) ?? false) == isAllowed)
    }

    @Test func numbersOfANode() throws {
        let null = try #require(Device("/dev/null", follows: true))
        #expect("\(null)" == "c 1:3")
        #expect(Device("/etc/passwd", follows: true) == nil)
        #expect(Device("/no/such/node", follows: false) == nil)
    }
}
