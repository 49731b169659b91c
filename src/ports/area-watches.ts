// Connections on which the public hears of an area's changes as they happen.

export interface AreaWatches {
  /**
   * The end of a new connection that is handed to the watcher. `unknown`: the inventory has no such area. `full`: as many
   * watch it as may, or it does not answer at the moment.
   */
  join(areaId: string): Promise<WebSocket | "unknown" | "full">;
}
