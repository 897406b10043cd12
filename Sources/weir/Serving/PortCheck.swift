import Foundation
import SourceText

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Whether an address can be listened on, asked before anything is made or opened for it.
enum PortCheck {
    /// Why not; nil if it can.
    static func refusal(host: String, port: Int) -> Words? {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else {
            return Words(zh: "没有监听地址 \(host)", en: "there is no address \(host) to listen on")
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, first.pointee.ai_protocol)
        guard descriptor >= 0 else { return words(errno, host, port) }
        defer { close(descriptor) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
            return words(errno, host, port)
        }
        return nil
    }

    static func words(_ code: Int32, _ host: String, _ port: Int) -> Words {
        switch code {
        case EADDRINUSE:
            Words(
                zh: "端口 \(port) 已被另一个程序占用；停止它，或换一个端口：--port \(port < 65_535 ? port + 1 : 8_080)",
                en: "another program uses port \(port); stop it, or take another one: --port \(port < 65_535 ? port + 1 : 8_080)")
        case EACCES:
            Words(zh: "没有权限监听端口 \(port)；换一个 1024 以上的端口", en: "port \(port) needs more rights; take one above 1024")
        case EADDRNOTAVAIL: Words(zh: "本机没有地址 \(host)", en: "this computer does not have the address \(host)")
        default:
            Words(
                zh: "不能监听 \(host):\(port)：\(String(cString: strerror(code)))", en: "cannot listen on \(host):\(port): \(String(cString: strerror(code)))")
        }
    }
}
