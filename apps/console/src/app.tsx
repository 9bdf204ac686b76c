import { AppShell, Badge, Burger, Button, Container, Group, NavLink, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { NavLink as RouterLink, Navigate, Route, Routes, useLocation } from 'react-router';
import { HostPage } from './hosts/host-page.js';
import { HostsPage } from './hosts/hosts-page.js';
import { useLiveUpdates } from './live/live-updates.js';
import { OperationPage } from './operations/operation-page.js';
import { OperationsPage } from './operations/operations-page.js';
import { PluginsPage } from './plugins/plugins-page.js';
import { ServicePage } from './services/service-page.js';
import { ServicesPage } from './services/services-page.js';
import { useSession } from './session/session.js';

const PAGES = [
  { path: '/services', title: 'Services' },
  { path: '/operations', title: 'Operations' },
  { path: '/hosts', title: 'Hosts' },
  { path: '/plugins', title: 'Plugins' },
];

export function App() {
  const connected = useLiveUpdates();
  const session = useSession();
  const { pathname } = useLocation();
  // On a narrow screen the pages are listed on demand only.
  const [listed, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 180, breakpoint: 'sm', collapsed: { mobile: !listed } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between">
          <Group gap="xs">
            <Burger opened={listed} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="pages" />
            <Title order={3}>Underware</Title>
          </Group>
          <Group>
            <Badge role="status" color={connected ? 'green' : 'gray'} variant="light">
              {connected ? 'live' : 'reconnecting'}
            </Badge>
            <Button variant="subtle" size="xs" onClick={() => session.signOut()}>
              Sign out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        {PAGES.map(({ path, title }) => (
          <NavLink
            key={path}
            component={RouterLink}
            to={path}
            label={title}
            active={pathname.startsWith(path)}
            onClick={close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Container size="xl" px={0} className="pages">
          <Routes>
            <Route path="/services" element={<ServicesPage />} />
            <Route path="/services/:id" element={<ServicePage />} />
            <Route path="/operations" element={<OperationsPage />} />
            <Route path="/operations/:id" element={<OperationPage />} />
            <Route path="/hosts" element={<HostsPage />} />
            <Route path="/hosts/:id" element={<HostPage />} />
            <Route path="/plugins" element={<PluginsPage />} />
            <Route path="*" element={<Navigate to="/services" replace />} />
          </Routes>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
