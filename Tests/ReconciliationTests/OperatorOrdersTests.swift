import Foundation
import Testing

@testable import Reconciliation

@Suite struct OperatorOrdersTests {
    private let folder: TemporaryDirectory
    private let directory: StateDirectory

    init() throws {
        folder = try TemporaryDirectory()
        directory = StateDirectory(path: folder.path)
    }

    @Test func anOrderIsInForceUntilItIsTakenBackOrOver() throws {
        #expect(try OperatorOrders.read(from: directory) == OperatorOrders())
        let host = try directory.suspend(nil, reason: "storage", for: 60)
        _ = try directory.suspend("10000", reason: "ticket", for: nil)
        let orders = try OperatorOrders.read(from: directory)
        #expect(orders.suspension(of: nil, at: host.time) == host)
        #expect(orders.suspension(of: nil, at: host.time + 60) == nil)
        #expect(orders.suspension(of: "10000", at: .max)?.reason == "ticket")
        #expect(orders.nextEnd == host.time + 60)
        #expect(try directory.resume("10000", reason: nil))
        #expect(try !directory.resume("10000", reason: nil))
        #expect(try OperatorOrders.read(from: directory).suspensions == [host])
    }

    @Test func everyActWaitsForTheJournalInItsOrder() throws {
        _ = try directory.suspend(nil, reason: "one", for: nil)
        _ = try directory.suspend(nil, reason: "two", for: nil)
        _ = try directory.resume(nil, reason: "three")
        _ = try directory.resume(nil, reason: "nothing is asked for what is not there")
        let acts = try OperatorAct.unrecorded(in: directory).map(\.act)
        #expect(acts.map(\.action) == ["suspend", "suspend", "resume"])
        #expect(acts.map(\.reason) == ["one", "two", "three"])
        #expect(acts.allSatisfy { $0.by.uid == getuid() && $0.by.pid == getpid() })
    }

    @Test func aDamagedOrderForbidsEverything() throws {
        let order = try directory.suspend(nil, reason: "storage", for: nil)
        try Data("{".utf8).write(to: URL(fileURLWithPath: directory.suspension(of: order.party)))
        let error = #expect(throws: HostFileError.self) { try OperatorOrders.read(from: directory) }
        #expect(error?.description.contains("give the order again") == true)
    }
}
