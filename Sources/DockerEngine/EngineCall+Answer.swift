import Planning

extension EngineCall {
    /// Reads the engine's answer to the call.
    func answer(from answer: HTTPAnswer, overlayNetworks: Set<String>) throws(DockerError) -> EngineAnswer {
        if answer.status == 304 { return .unchanged }
        guard (200...299).contains(answer.status) else { throw answer.refusal(operation) }
        do throws(DockerError) {
            return try decode(answer.body, overlayNetworks)
        } catch {
            // The engine has done what it was told; only its receipt cannot be read.
            throw DockerError(error.code, error.operation, error.reason, outcomeIsUnknown: isMutation)
        }
    }

    private func decode(_ body: [UInt8], _ overlayNetworks: Set<String>) throws(DockerError) -> EngineAnswer {
        switch self {
        case .createContainer, .createNetwork, .createExec:
            let receipt: WireReceipt = try decodeJSON(body, operation)
            guard let id = receipt.id, id.isFullID || id.isSwarmID else {
                throw DockerError(.undecodable, operation, "field Id: not an id")
            }
            return .created(id: id, warnings: receipt.allWarnings)
        case .updateContainer:
            let receipt: WireReceipt = try decodeJSON(body, operation)
            return .done(warnings: receipt.allWarnings)
        case .createVolume, .inspectVolume:
            return .volume(try decodeJSON(body, as: WireVolume.self, operation).live)
        case .inspectContainer:
            let container: WireContainer = try decodeJSON(body, operation)
            return .container(try container.live(overlayNetworks: overlayNetworks, operation))
        case .inspectExec:
            let command: WireExec = try decodeJSON(body, operation)
            return .command(exitCode: command.isRunning ? nil : command.exitCode ?? -1)
        case .inspectImage: return .image(try decodeJSON(body, as: WireImage.self, operation).live)
        case .inspectNetwork: return .network(try decodeJSON(body, as: WireNetwork.self, operation).live)
        default: return .done(warnings: [])
        }
    }
}

extension HTTPAnswer {
    /// The refusal that the answer is, in the engine's own words.
    func refusal(_ operation: String) -> DockerError {
        let text: String
        do throws(DockerError) {
            text = try decodeJSON(body, as: WireMessage.self, operation).message
        } catch {
            // Old engines and proxies answer in plain text or HTML.
            let plain = String(decoding: body.prefix(2000), as: UTF8.self)
            let words = plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            text = words.isEmpty ? "status \(status) without a message" : "status \(status): \(words)"
        }
        return DockerError(.refused(status: status), operation, text)
    }
}
