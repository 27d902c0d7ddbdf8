import ArgumentParser
import Reconciliation

extension StateDirectory {
    /// Takes the lock, or ends the command when another fatesync has it.
    ///
    /// - Parameter advice: What to do then, after the name of the other one.
    func lock(orAdvise advice: String?) throws -> StateLock {
        do {
            return try lock()
        } catch let error as LockError {
            Terminal.complain("\(error)" + (advice.map { "; \($0)" } ?? ""))
            throw ExitStatus.locked
        }
    }
}
