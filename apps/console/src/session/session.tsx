import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { SignIn } from './sign-in.js';

interface Session {
  token: string;
  signOut(reason?: string): void;
}

const SessionContext = createContext<Session | undefined>(undefined);
const KEY = 'underware.token';

/** Everything below needs a token; it is kept for the browser tab only. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [token, setToken] = useState(() => sessionStorage.getItem(KEY));
  const [reason, setReason] = useState<string>();
  const session = useMemo<Session | undefined>(
    () =>
      token === null
        ? undefined
        : {
            token,
            signOut(why) {
              sessionStorage.removeItem(KEY);
              setReason(why);
              setToken(null);
            },
          },
    [token],
  );
  if (session === undefined) {
    return (
      <SignIn
        reason={reason}
        onToken={(given) => {
          sessionStorage.setItem(KEY, given);
          setReason(undefined);
          setToken(given);
        }}
      />
    );
  }
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('useSession is used outside of SessionProvider');
  return session;
}
