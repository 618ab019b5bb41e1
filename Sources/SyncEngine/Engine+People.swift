public import ConnectorKit
public import ConversationModel
internal import Diagnostics

extension Engine {
    /// Agents and teams that a location describes.
    ///
    /// - Parameter source: Files of the platform.
    /// - Returns: Both lists in the order of the files; records that cannot be read are left out.
    /// - Throws: When no file can be read.
    public static func people(of source: FileSource) throws -> (agents: [Agent], teams: [Team]) {
        var agents: [Agent] = []
        var teams: [Team] = []
        _ = try source.read(
            keepsExtras: false, only: [.people],
            restart: {
                agents = []
                teams = []
            }
        ) { record, _, _ in
            switch record {
            case .agent(let agent): agents.append(agent)
            case .team(let team): teams.append(team)
            default: break
            }
        }
        return (agents, teams)
    }
}
