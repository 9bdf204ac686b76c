export interface PlaceOptions {
  /** Ids of the hosts where VNFs are now: they stay wherever they may. */
  previous?: ReadonlyMap<string, string>;
  /** Ids of hosts that somebody proposes; taken when the fullest host is less full then. */
  suggested?: ReadonlyMap<string, string>;
  /** A reason for every host, however many there are. */
  explain?: boolean;
}
