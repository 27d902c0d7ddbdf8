public import DesiredState
import Glibc
import Planning

/// What people's commands change; each leaves its journal entry first, and then the order.
extension StateDirectory {
    /// Lets nothing be changed any more; replaces a suspension that is in force.
    ///
    /// - Parameters:
    ///   - party: `nil` for all parties of this host.
    ///   - seconds: How long; `nil` until `resume`.
    public func suspend(
        _ party: String?, reason: String, for seconds: Int?
    ) throws(HostFileError) -> OperatorOrders.Suspension {
        var act = OperatorAct("suspend", party: party, reason: reason)
        act.until = seconds.map { act.time + Int64($0) }
        try act.leave(in: self)
        let order = OperatorOrders.Suspension(
            party: party, reason: reason, by: act.by, time: act.time, until: act.until)
        try JSONFile.write(order, to: suspension(of: party))
        return order
    }

    /// Ends a suspension.
    ///
    /// - Returns: `false` when there was none.
    public func resume(_ party: String?, reason: String?) throws(HostFileError) -> Bool {
        try end(suspension(of: party), OperatorAct("resume", party: party, reason: reason))
    }

    /// Keeps a party, or all of this host for `nil`, at a revision; replaces a pin that is in force.
    public func pin(
        _ party: String?, to revision: Revision, reason: String?, isRollback: Bool = false
    ) throws(HostFileError) -> OperatorOrders.Pin {
        let act = OperatorAct(
            isRollback ? "rollback" : "pin", party: party, reason: reason, revision: revision)
        try act.leave(in: self)
        let order = OperatorOrders.Pin(
            party: party, revision: revision, isRollback: isRollback, reason: reason, by: act.by,
            time: act.time)
        try JSONFile.write(order, to: pin(of: party))
        return order
    }

    /// Lets a party, or the host for `nil`, follow the branch again.
    ///
    /// - Returns: `false` when there was no pin.
    public func unpin(_ party: String?, reason: String?) throws(HostFileError) -> Bool {
        try end(pin(of: party), OperatorAct("unpin", party: party, reason: reason))
    }

    /// Lets a branch be followed to a tip that does not contain what was applied.
    public func acceptHistory(_ tip: Revision, reason: String?) throws(HostFileError) {
        let act = OperatorAct("accept-history", reason: reason, revision: tip)
        try act.leave(in: self)
        let order = OperatorOrders.HistoryAcceptance(tip: tip.commit, by: act.by, time: act.time)
        try JSONFile.write(order, to: acceptance(of: tip.commit))
    }

    private func end(_ path: String, _ act: OperatorAct) throws(HostFileError) -> Bool {
        guard try HostFiles.read(path) != nil else { return false }
        try act.leave(in: self)
        guard unlink(path) == 0 || errno == ENOENT else { throw HostFileError("remove \(path)") }
        return true
    }
}
