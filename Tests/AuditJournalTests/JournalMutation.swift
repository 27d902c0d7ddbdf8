import AuditJournal
import Testing

@testable import struct AuditJournal.JournalDigest

/// The ways in which a journal's files are altered in tests.
enum JournalMutation: String, CaseIterable {
    case bitFlip, byteChange, lineDeleted, lineDoubled, linesSwapped, fileDeleted, filesSwapped, cutInLine,
        cutAtLine
    case editWithNewChain, blankAdded, carriageReturn, doubledMember

    /// What the first finding may be.
    var classes: Set<JournalFinding.Class> {
        switch self {
        case .bitFlip, .byteChange:
            // The last one when the newline at the end is hit.
            [.badBytes, .notCanonical, .badSignature, .unknownKey, .truncated]
        case .lineDeleted: [.gap, .truncated]
        case .lineDoubled: [.duplicate]
        case .linesSwapped: [.reordered]
        case .fileDeleted: [.missingFile]
        case .filesSwapped: [.reordered]
        case .cutInLine: [.truncated, .badBytes]
        case .cutAtLine: [.truncated]
        case .editWithNewChain: [.badSignature]
        case .blankAdded, .carriageReturn, .doubledMember: [.notCanonical]
        }
    }

    /// Whether it is always found without the head: what it does to the end of the journal is not.
    func isFoundInFilesAlone(_ before: [String: [UInt8]], _ after: [String: [UInt8]]) -> Bool {
        guard let last = before.keys.filter({ $0.hasSuffix(".jsonl") }).max() else { return false }
        // Files that are the beginning of what was written are a journal of an earlier time.
        let isBeginning = before.allSatisfy { name, bytes in
            // What is left of a line that was cut may be being written.
            !name.hasSuffix(".jsonl") || after[name] == bytes
                || name == last && bytes.starts(with: (after[name] ?? []).journalLines.joined())
        }
        return !isBeginning
    }

    /// Alters one of the files.
    func apply(
        to contents: [String: [UInt8]], using random: inout some RandomNumberGenerator
    ) throws -> [String: [UInt8]] {
        var contents = contents
        let names = contents.keys.filter { $0.hasSuffix(".jsonl") }.sorted()
        guard let name = names.randomElement(using: &random), var bytes = contents[name] else {
            return contents
        }
        var lines = bytes.journalLines
        let index = Int.random(in: 0..<lines.count, using: &random)
        switch self {
        case .bitFlip:
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
            lines = [bytes]
        case .byteChange:
            bytes[Int.random(in: 0..<bytes.count, using: &random)] &+= UInt8.random(
                in: 1...255, using: &random)
            lines = [bytes]
        case .lineDeleted: lines.remove(at: index)
        case .lineDoubled:
            lines.insert(lines[index], at: Int.random(in: (index + 1)...lines.count, using: &random))
        case .linesSwapped:
            let first = Int.random(in: 0..<(lines.count - 1), using: &random)
            lines.swapAt(first, first + 1)
        case .fileDeleted:
            contents[name] = nil
            return contents
        case .filesSwapped:
            guard let other = names.filter({ $0 != name }).randomElement(using: &random) else {
                return contents
            }
            contents[name] = contents[other]
            contents[other] = bytes
            return contents
        case .cutInLine:
            let length = Int.random(in: 1..<(lines[index].count - 1), using: &random)
            lines = lines.prefix(index) + [Array(lines[index].prefix(length))]
        case .cutAtLine: lines = Array(lines.prefix(max(1, index)))
        case .editWithNewChain:
            guard lines[index].firstRange(of: Array(",\"host\":\"demo\"".utf8)) != nil else {
                return contents
            }
            lines = try Self.edit(lines, from: index)
        case .blankAdded: lines[index].insert(UInt8(ascii: " "), at: 1)
        case .carriageReturn: lines[index].insert(UInt8(ascii: "\r"), at: lines[index].count - 1)
        case .doubledMember:
            // Torn bytes have no such member.
            guard lines[index].firstRange(of: Array(",\"v\":1,".utf8)) != nil else { return contents }
            lines[index] = try lines[index].replacing(",\"v\":1,", with: ",\"v\":1,\"v\":1,")
        }
        contents[name] = Array(lines.joined())
        return contents
    }

    /// Changes a record, and lets those after it in the file name the new digests.
    private static func edit(_ lines: [[UInt8]], from index: Int) throws -> [[UInt8]] {
        var lines = lines
        var digests = lines.map { JournalDigest(of: $0.dropLast()).hex }
        lines[index] = try lines[index].replacing(",\"host\":\"demo\"", with: ",\"host\":\"devo\"")
        for next in lines.indices.dropFirst(index + 1) {
            let digest = JournalDigest(of: lines[next - 1].dropLast()).hex
            // Torn bytes name no line before them, and no line names theirs.
            guard lines[next].firstRange(of: Array(digests[next - 1].utf8)) != nil else { continue }
            lines[next] = try lines[next].replacing(digests[next - 1], with: digest)
            digests[next - 1] = digest
        }
        return lines
    }
}

extension [UInt8] {
    func replacing(_ old: String, with new: String) throws -> [UInt8] {
        let range = try #require(firstRange(of: Array(old.utf8)))
        return Array(self[..<range.lowerBound]) + Array(new.utf8) + Array(self[range.upperBound...])
    }
}
