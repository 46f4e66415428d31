/** Every sentence of the frame around the administration. */
export const words = {
  navigation: "Administration",
  retry: "Try again",
  loading: "Reading",
} as const;
