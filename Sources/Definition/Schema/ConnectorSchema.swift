import JSON
import LocatedYAML

/// Connectors and channels: which keys go with which kind.
enum ConnectorSchema {
    static let secretPattern = YAMLEntry.secretPattern

    /// Letters, digits and dashes, and none of the names that frame a message.
    static var headerPattern: String {
        let ours = YAMLEntry.framingHeaders.map { name in
            name.map { $0 == "-" ? "-" : "[\($0.uppercased())\($0)]" }.joined()
        }
        return "^(?!(\(ours.joined(separator: "|")))$)[A-Za-z0-9-]{1,100}$"
    }

    static var connector: JSONValue {
        let rules = ConnectorDefinition.Kind.allCases.map { kind -> JSONValue in
            let (needed, optional) = kind.keys
            var then: [JSONValue.Member] = [
                .init("propertyNames", ["enum": names(ConnectorDefinition.Kind.keysOfEvery + needed + optional)]), .init("required", names(needed)),
            ]
            // The address of a robot is a secret.
            if kind == .wecomRobot { then.append(.init("properties", ["url": Part.secret.reference])) }
            return ["if": ["properties": ["kind": word([kind.rawValue])]], "then": .object(then)]
        }
        return Part.keys(of: .connector, required: ["kind"], adding: [("allOf", .array(rules))])
    }

    static var auth: JSONValue {
        let ways = AuthDefinition.ways.map { way -> JSONValue in
            let fitting = way == "hmac" ? [way] + SignatureDefinition.keys : [way]
            return ["required": names(way == "hmac" ? [way] + SignatureDefinition.requiredKeys : [way]), "propertyNames": ["enum": names(fitting)]]
        }
        return Part.keys(of: .auth, adding: [("anyOf", .array(ways))])
    }

    static var verification: JSONValue {
        let ways = InboundDefinition.ways.map { way -> JSONValue in
            let fitting = way == "hmac" ? [way] + SignatureDefinition.keys : [way]
            return ["required": names(way == "hmac" ? [way] + SignatureDefinition.requiredKeys : [way]), "propertyNames": ["enum": names(fitting)]]
        }
        return Part.keys(of: .verification, adding: [("anyOf", .array(ways))])
    }

    static var call: JSONValue {
        let methods = CallDefinition.Method.allCases.map(\.rawValue)
        let ways = methods.map { method -> JSONValue in
            let others = methods.filter { $0 != method } + (method == "get" ? ["send"] : [])
            return ["required": [.string(method)], "propertyNames": ["not": ["enum": names(others)]]]
        }
        let reconcile: JSONValue = [
            "if": ["required": ["on_unknown"], "properties": ["on_unknown": word(["reconcile"])]], "then": ["required": ["look_up"]],
        ]
        return Part.keys(of: .call, adding: [("anyOf", .array(ways)), ("allOf", [reconcile])])
    }

    static var channel: JSONValue {
        let direct: JSONValue = ["required": ["connector"], "propertyNames": ["enum": names(["label"] + ChannelDefinition.keysOfConnector)]]
        let ladder: JSONValue = ["required": ["try"], "propertyNames": ["enum": names(["label"] + ChannelDefinition.keysOfLadder)]]
        return Part.keys(of: .channel, adding: [("anyOf", [direct, ladder])])
    }

    static var payload: JSONValue {
        Part.any(
            Part.text.reference, ["type": "array", "items": Part.payload.reference], ["type": "object", "additionalProperties": Part.payload.reference])
    }

    /// What stands behind a key of these constructs; nil for keys that others know.
    static func value(of key: String, in construct: Construct) -> JSONValue? {
        switch (construct, key) {
        case (.file, "connectors"): Part.map(.connector)
        case (.file, "channels"): Part.map(.channel)
        case (.file, "inbound"): Part.map(.inbound)
        case (.channel, "receives"): Part.keys(of: .receiving, required: ["verify", "from", "text"])
        case (.receiving, "verify"), (.inbound, "verify"): Part.verification.reference
        case (.inbound, "map"): ["type": "object", "additionalProperties": Part.text.reference]
        case (.step, "body"): [:]
        case (.connector, "kind"): word(ConnectorDefinition.Kind.allCases.map(\.rawValue))
        case (.connector, "security"): word(ConnectorDefinition.Security.allCases.map(\.rawValue))
        case (.connector, "port"): whole(1...65_535)
        case (.connector, "auth"): Part.auth.reference
        case (.connector, "limits"): Part.keys(of: .limits)
        case (.connector, "allow_private"): Part.yesOrNo.reference
        case (.connector, "calls"): ["type": "object", "minProperties": 1, "additionalProperties": Part.call.reference]
        case (.connector, "password"), (.connector, "secret"), (.auth, "bearer"), (.auth, "secret"), (.verification, "bearer"), (.verification, "secret"), (.oauth2, "secret"), (.basic, "password"):
            Part.secret.reference
        case (.connector, "url"), (.connector, "user"), (.connector, "base"), (.oauth2, "token_url"), (.oauth2, "client"), (.basic, "user"):
            Part.setting.reference
        case (.auth, "oauth2"): Part.keys(of: .oauth2, required: ["token_url", "client", "secret"])
        case (.auth, "basic"): Part.keys(of: .basic, required: ["user", "password"])
        case (.auth, "hmac"), (.verification, "hmac"): word(SignatureDefinition.Algorithm.allCases.map(\.rawValue))
        case (.auth, "encoding"), (.verification, "encoding"): word(SignatureDefinition.Encoding.allCases.map(\.rawValue))
        case (.auth, "header"), (.auth, "timestamp"), (.verification, "header"), (.verification, "timestamp"): Part.header.reference
        case (.limits, "per_minute"): whole(LimitsDefinition.perMinuteRange)
        case (.limits, "at_once"): whole(LimitsDefinition.atOnceRange)
        case (.call, "send"): Part.payload.reference
        case (.call, "as"): word(CallDefinition.Format.allCases.map(\.rawValue))
        case (.call, "on_unknown"): word(CallDefinition.OnUnknown.allCases.map(\.rawValue))
        case (.call, "look_up"): Part.keys(of: .lookUp, required: ["get", "sent"])
        case (.call, "headers"): ["type": "object", "propertyNames": Part.header.reference, "additionalProperties": Part.text.reference]
        case (.channel, "with"): ["type": "object", "additionalProperties": Part.text.reference]
        case (.channel, "format"): word(ChannelDefinition.Format.allCases.map(\.rawValue))
        case (.channel, "until"): word(ChannelDefinition.Until.allCases.map(\.rawValue))
        case (.channel, "subject"), (.channel, "message"): Part.label.reference
        case (.channel, "try"): ["type": "array", "minItems": 1, "items": Part.text.reference]
        case (_, "label"): nil
        case (.connector, _), (.auth, _), (.oauth2, _), (.basic, _), (.limits, _), (.call, _), (.lookUp, _), (.channel, _), (.receiving, _), (.inbound, _), (.verification, _): Part.text.reference
        default: nil
        }
    }

    private static func word(_ words: [String]) -> JSONValue { ["enum": names(words)] }

    private static func names(_ names: [String]) -> JSONValue { .array(names.map(JSONValue.string)) }

    /// A whole number, however YAML reads it.
    private static func whole(_ range: ClosedRange<Int>) -> JSONValue {
        Part.any(["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)], ["type": "string", "pattern": "^[+]?[0-9]+$"])
    }
}
