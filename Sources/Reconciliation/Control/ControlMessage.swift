import FoundationEssentials
import Planning

/// One line of JSON with which the watcher answers; also what progress on a terminal is made from.
public struct ControlMessage: Codable, Sendable {
    /// What the line says.
    public enum Event: String, Codable, Sendable {
        /// The request was read; `watcher`, `repository` and `branch` say who works on it.
        case accepted
        case fetching
        /// What the pass is about to do: `plan`.
        case planned
        case stepStarted
        case stepFinished
        case pulling
        /// A pass has ended: `outcome`, and in `contains` whether it was one of the commit that was asked about.
        case outcome
        /// Something that a person should know and that stops nothing: `text`.
        case note
        /// Nothing more comes, for the reason in `text`.
        case refused
    }

    /// A step of the plan.
    public struct Step: Codable, Sendable {
        public var party: String
        public var action: String
        public var object: String
        public var index: Int
        public var count: Int
        /// Why it failed.
        public var error: String?
        public var milliseconds: Int64?
    }

    /// Bytes of an image pull so far; `total` is 0 while it is unknown.
    public struct Pull: Codable, Sendable {
        public var image: String
        public var current: Int64
        public var total: Int64
        public var detail: String
    }

    public var version = ControlRequest.currentVersion
    public var event: Event
    /// Process id.
    public var watcher: Int32?
    public var repository: String?
    public var branch: String?
    public var text: String?
    public var plan: PlanDocument?
    public var step: Step?
    public var pull: Pull?
    public var outcome: PassDocument?
    public var contains: Bool?

    init(_ event: Event) { self.event = event }

    init(refusal: String) {
        event = .refused
        text = refusal
    }

    /// What a watcher tells its followers of an event; `nil` for the end, which comes with the outcome.
    public init?(_ event: ProgressEvent) {
        switch event {
        case .fetching(let repository):
            self.event = .fetching
            self.repository = repository
        case .planned(let plan, let revision):
            self.event = .planned
            self.plan = PlanDocument(plan, revision: revision)
        case .stepStarted(let step, let index, let count):
            self.event = .stepStarted
            self.step = Step(step, index, count)
        case .stepFinished(let step, let index, let count, let error, let milliseconds):
            self.event = .stepFinished
            self.step = Step(step, index, count)
            self.step?.error = error
            self.step?.milliseconds = milliseconds
        case .pulling(let image, let current, let total, let detail):
            self.event = .pulling
            pull = Pull(image: image, current: current, total: total, detail: detail)
        case .note(let text):
            self.event = .note
            self.text = text
        case .finished, .checkpoint: return nil
        }
    }

    /// The line, with its break.
    var line: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in it is a number that JSON lacks, which is what can fail.
        guard let data = try? encoder.encode(self) else { return [] }
        return Array(data) + [0x0A]
    }

    /// Reads a line without its break.
    init(line: some Sequence<UInt8>) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(line))
    }

    /// Whether a client that is slow can do without it.
    var isDroppable: Bool { event == .pulling }
}

extension ControlMessage.Step {
    init(_ step: Plan.Step, _ index: Int, _ count: Int) {
        self.init(
            party: step.party, action: step.action.name, object: step.object, index: index, count: count)
    }
}
