package import Formula
package import Model
package import SourceText

/// What a run follows: the steps of an automation, or of a rung of a watch.
package struct Process: Sendable {
    /// `automation/NAME` or `watch/NAME/RUNG`: how runs name it, whatever version of the app they belong to.
    package let key: String
    package let label: Words
    /// Whose record it works on; nil under a schedule.
    package let object: ObjectID?
    package let steps: CompiledSteps
    /// Changes with every byte of its definition.
    package let fingerprint: String
    package let declaredAt: Span
    /// Whether the deletion of the record may set it off, so that it works on what the record was.
    package let isOfDeletion: Bool

    /// The same for two versions whose places among the steps mean the same: what a run remembers to go on by.
    package var layout: String { steps.layout }
    /// The fields computed on read that its formulas read.
    package let needs: Set<FieldID>
    /// The watch whose rung it is, and that must go on holding until it begins.
    package var watch: String?
}

package struct CompiledAutomation: Sendable {
    package let model: CheckedAutomation
    package let condition: Evaluator?
    package let before: [CompiledSetting]
    package let process: Process

    init(_ model: CheckedAutomation, _ assignments: [CheckedAssignment], _ needs: VolatileNeeds, fingerprint: String) {
        self.model = model
        condition = model.condition.map { Evaluator($0) }
        before = model.before.map(CompiledSetting.init)
        process = Process(
            key: "automation/\(model.name)", label: model.label, object: model.object, steps: CompiledSteps(model.body), fingerprint: fingerprint,
            declaredAt: model.declaredAt, isOfDeletion: model.triggers.contains(.deleted),
            needs: needs.ofSteps(model.body.steps, assignments))
    }

    package var schedules: [Schedule] {
        model.triggers.compactMap { if case .schedule(let schedule) = $0 { schedule } else { nil } }
    }
}

package struct CompiledWatch: Sendable {
    package let model: CheckedWatch
    package let condition: Evaluator?
    package let pause: Evaluator?
    package let extends: Evaluator?
    /// The values with which the clock is compared, and how.
    package let clock: [(atom: ClockAtom, value: Evaluator)]
    /// Of one that fires when its condition stops holding: what it follows.
    package let fading: CompiledFading?
    /// By rung.
    package let processes: [Process]
    package let fingerprint: String

    init(_ model: CheckedWatch, _ assignments: [CheckedAssignment], _ needs: VolatileNeeds, fingerprint: String) {
        self.model = model
        self.fingerprint = fingerprint
        condition = model.condition.map { Evaluator($0) }
        pause = model.pause.map { Evaluator($0) }
        extends = model.extends.map { Evaluator($0) }
        fading = model.fading.map(CompiledFading.init)
        clock = model.clock.map { ($0, Evaluator($0.value)) }
        processes = model.rungs.map { rung in
            Process(
                key: "watch/\(model.name)/\(rung.name)", label: model.label, object: model.object, steps: CompiledSteps(rung.body), fingerprint: fingerprint,
                declaredAt: rung.declaredAt, isOfDeletion: false, needs: needs.ofSteps(rung.body.steps, assignments), watch: model.fading == nil ? model.name : nil)
        }
    }
}

/// Which watches must be looked at when a record of an object changes.
package struct WatchFollower: Sendable {
    /// Its position among the watches.
    package let watch: Int
    package let reads: Set<FieldID>
    /// From the record that changed to those that are watched.
    package let wayBack: [Dependent.Step]
}

/// All that acts by itself in an app.
package struct CompiledAutomations: Sendable {
    package let approvals: CompiledApprovals
    package let assignments: [CompiledAssignment]
    package let automations: [CompiledAutomation]
    package let watches: [CompiledWatch]
    package let sequences: [CompiledSequence]
    /// By `ObjectID.index`: positions of the automations that its records set off.
    package let ofObject: [[Int]]
    /// By `ObjectID.index`: positions of the watches over its records.
    package let watchesOfObject: [[Int]]
    /// By `ObjectID.index`: positions of the sequences of which its records are events.
    package let sequencesOfObject: [[Int]]
    /// By watch: the fields of the record itself that it reads.
    package let ownReads: [Set<FieldID>]
    /// By `ObjectID.index`.
    package let followers: [[WatchFollower]]
    package let processes: [String: Process]
    /// Ways to reach people, by name.
    package let channels: [String: CompiledChannel]
    /// The fields computed on read that conditions of watches read.
    package let watchNeeds: Set<FieldID>
    /// The same of those over numbers that time wears down: these are dear, and nobody else needs them.
    package let fadingNeeds: Set<FieldID>
    /// The same of the conditions of automations, and of what they fill in.
    package let conditionNeeds: Set<FieldID>
    /// Whether any run may wait for something about its record.
    package let waitsForRecords: Bool
    /// Whether any run may ask people.
    package let asksPeople: Bool
    /// Changes with the zone and with what the app's calendar says of any day.
    package let timetable: String

    init(_ model: CheckedApp, _ reads: AppReads, _ needs: VolatileNeeds, sources: SourceSet?) {
        func fingerprint(_ extent: Span) -> String { sources?.contentHash(of: extent) ?? "" }
        approvals = CompiledApprovals(model, fingerprint: fingerprint)
        channels = Dictionary(model.channels.map { ($0.name, CompiledChannel($0)) }) { first, _ in first }
        assignments = model.assignments.enumerated().map { CompiledAssignment($1, at: $0, needs, fingerprint: fingerprint($1.extent)) }
        automations = model.automations.map { CompiledAutomation($0, model.assignments, needs, fingerprint: fingerprint($0.extent)) }
        watches = model.watches.map { CompiledWatch($0, model.assignments, needs, fingerprint: fingerprint($0.extent)) }
        let compiled = automations
        sequences = model.sequences.compactMap { CompiledSequence($0, compiled) }
        fadingNeeds = needs.closure(of: model.watches.filter { $0.fading != nil }.compactMap(\.condition))
        watchNeeds = needs.closure(of: model.watches.filter { $0.fading == nil }.flatMap { [$0.condition, $0.pause, $0.extends].compactMap { $0 } + $0.clock.map(\.value) })
        conditionNeeds = needs.closure(of: model.automations.flatMap { [$0.condition].compactMap { $0 } + $0.before.flatMap(\.expressions) })
        var ofObject: [[Int]] = model.objects.map { _ in [] }
        for (index, automation) in automations.enumerated() {
            if let object = automation.model.object { ofObject[object.index].append(index) }
        }
        self.ofObject = ofObject
        var watchesOfObject: [[Int]] = model.objects.map { _ in [] }
        var followers: [[WatchFollower]] = model.objects.map { _ in [] }
        var ownReads: [Set<FieldID>] = []
        for (index, watch) in watches.enumerated() {
            watchesOfObject[watch.model.object.index].append(index)
            // Of a number that time wears down, the events as well.
            let worn = watch.model.fading.flatMap { model[$0.decay.field].computed }?.expressions ?? []
            let read = reads.reads(of: [watch.model.condition, watch.model.pause, watch.model.extends].compactMap { $0 } + worn)
            ownReads.append(read.own.union(watch.model.restarts))
            for (object, follower) in WatchFollower.making(index, read) { followers[object.index].append(follower) }
        }
        self.watchesOfObject = watchesOfObject
        var sequencesOfObject: [[Int]] = model.objects.map { _ in [] }
        for (index, sequence) in sequences.enumerated() { sequencesOfObject[sequence.model.events.rows.index].append(index) }
        self.sequencesOfObject = sequencesOfObject
        self.followers = followers
        self.ownReads = ownReads
        var processes: [String: Process] = [:]
        for automation in automations { processes[automation.process.key] = automation.process }
        for watch in watches { for process in watch.processes { processes[process.key] = process } }
        for assignment in assignments { if let process = assignment.dispatch { processes[process.key] = process } }
        self.processes = processes
        timetable = contentHash("\(model.zone.name) \(model.calendar.plan.spelled)".utf8)
        asksPeople = processes.values.contains { $0.steps.instructions.contains { if case .ask = $0.operation { true } else { false } } }
        waitsForRecords = processes.values.contains { $0.steps.instructions.contains { if case .waitFor = $0.operation { true } else { false } } }
    }

    /// Of an app in which nothing acts.
    package static func none(for model: CheckedApp) -> CompiledAutomations { CompiledAutomations(model, AppReads(model), VolatileNeeds(model, []), sources: nil) }

    /// Whether any run may be about records of the object.
    package func actsOn(_ object: ObjectID) -> Bool { processes.values.contains { $0.object == object } }

    /// Whether anything acts at all.
    package var isEmpty: Bool { automations.isEmpty && watches.isEmpty }
}

extension WatchFollower {
    /// Whom a change concerns, by the object that changes.
    fileprivate static func making(_ watch: Int, _ read: FieldReads) -> [(ObjectID, WatchFollower)] {
        struct Key: Hashable {
            let object: ObjectID
            let way: [FieldReads.Step]
        }
        var order: [Key] = []
        var fields: [Key: Set<FieldID>] = [:]
        func add(_ field: FieldID, _ way: [FieldReads.Step]) {
            let key = Key(object: field.object, way: way)
            if fields[key] == nil { order.append(key) }
            fields[key, default: []].insert(field)
        }
        for other in read.others.sorted(by: DependentMaking.precedes) {
            add(other.field, other.way)
            for (link, way) in DependentMaking.links(on: other.way) { add(link, way) }
        }
        return order.map { key in
            (key.object, WatchFollower(watch: watch, reads: fields[key] ?? [], wayBack: DependentMaking.back(key.way)))
        }
    }
}

extension SourceSet {
    /// As `contentHash`, of a part of a file.
    func contentHash(of span: Span) -> String {
        Program.contentHash(self[span.file].bytes[Int(span.start)..<Int(span.end)])
    }
}

/// FNV-1a: the same for the same bytes in every process.
private func contentHash(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
}
