import DesiredState

extension [DeviceRequest] {
    /// The form in which two lists of requests are compared.
    ///
    /// Requests for CDI devices add up, and capabilities mean nothing to them; the order of ids and of capabilities
    /// means nothing to any driver.
    var normalised: [DeviceRequest] {
        let names = Set(filter(\.isCDI).flatMap(\.deviceIDs)).sorted()
        var result = filter { !$0.isCDI }.map { request in
            var request = request
            request.deviceIDs.sort()
            request.capabilities = request.capabilities.map { $0.sorted() }.sorted {
                $0.lexicographicallyPrecedes($1)
            }
            return request
        }
        if !names.isEmpty {
            result.append(
                DeviceRequest(driver: DeviceRequest.cdiDriver, count: 0, deviceIDs: names, capabilities: []))
        }
        return result
    }
}
