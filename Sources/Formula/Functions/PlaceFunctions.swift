import Foundation
import SourceText

/// Places on earth and the way between them.
enum PlaceFunctions {
    static let all: [FunctionDefinition] = [latitude, longitude, distance]

    static let latitude = FunctionDefinition(
        "latitude", aliases: ["纬度"], [.init([.location("place")], gives: .number)], blank: .blank, neverFails: true,
        summary: Words(zh: "地点的纬度，度；南纬为负。", en: "The latitude of a place in degrees, negative in the south."),
        examples: [.init("latitude(blank) is blank", "是")],
        body: { (arguments) throws(FormulaFailure) in .number(try arguments.location(0).latitude) })

    static let longitude = FunctionDefinition(
        "longitude", aliases: ["经度"], [.init([.location("place")], gives: .number)], blank: .blank, neverFails: true,
        summary: Words(zh: "地点的经度，度；西经为负。", en: "The longitude of a place in degrees, negative in the west."),
        examples: [.init("longitude(blank) is blank", "是")],
        body: { (arguments) throws(FormulaFailure) in .number(try arguments.location(0).longitude) })

    static let distance = FunctionDefinition(
        "distance_km", aliases: ["距离公里", "距离"], [.init([.location("from"), .location("to")], gives: .number)], blank: .blank, neverFails: true,
        summary: Words(
            zh: "两个地点之间的直线（大圆）距离，公里，精确到毫米；把地球看作半径 6371.0088 公里的球。",
            en: "The way between two places as the crow flies, in kilometres to the millimetre, on a globe with a radius of 6371.0088 km."),
        examples: [.init("distance_km(blank, blank) is blank", "是")],
        body: { (arguments) throws(FormulaFailure) in
            let distance = kilometres(from: try arguments.location(0), to: try arguments.location(1))
            return .number(try ExactDecimal(approximating: distance).rounded(decimals: 6))
        })

    /// The mean radius of the International Union of Geodesy and Geophysics.
    package static let radiusKilometres = 6371.0088

    /// By the haversine formula, which is exact also for places close to each other.
    static func kilometres(from: Location, to: Location) -> Double {
        func radians(_ microdegrees: Int32) -> Double { Double(microdegrees) / 1_000_000 * .pi / 180 }
        let south = radians(from.latitudeMicrodegrees), north = radians(to.latitudeMicrodegrees)
        let upwards = sin((north - south) / 2)
        let sideways = sin((radians(to.longitudeMicrodegrees) - radians(from.longitudeMicrodegrees)) / 2)
        let square = upwards * upwards + cos(south) * cos(north) * sideways * sideways
        return 2 * radiusKilometres * asin(min(1, square.squareRoot()))
    }
}
