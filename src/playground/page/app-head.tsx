export const HOME = 'home';

type Props = {
  place: string;
  onPlace: (id: string) => void;
  /** The direct message with the app, if there is one yet. */
  messages: string | undefined;
};

/** The tabs of an app: Home and Messages. */
export function AppHead({ place, onPlace, messages }: Props) {
  const tab = (id: string, name: string) => (
    <button
      type="button"
      className="tab"
      aria-current={place === id ? 'page' : undefined}
      onClick={() => onPlace(id)}
    >
      {name}
    </button>
  );
  return (
    <header className="channel-head">
      <h2>SecurID Desk</h2>
      <nav aria-label="SecurID Desk" className="tabs">
        {tab(HOME, 'Home')}
        {messages && tab(messages, 'Messages')}
      </nav>
    </header>
  );
}
