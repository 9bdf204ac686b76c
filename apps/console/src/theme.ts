import { Anchor, createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'teal',
  fontFamily: 'Inter, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "JetBrains Mono", Menlo, monospace',
  defaultRadius: 'md',
  // Dark enough for white text on badges and buttons.
  primaryShade: 9,
  components: { Anchor: Anchor.extend({ defaultProps: { inherit: true } }) },
});
