import { LOCKDOWN, type StandingOrders } from '../standing-orders.ts';

/** Whether all issuing of registration codes is stopped; throws as standing orders do. */
export type Lockdown = {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
};

export const createLockdown = (orders: StandingOrders): Lockdown => ({
  isOn: () => orders.isOn(LOCKDOWN),
  set: (on) => orders.set(LOCKDOWN, on),
});
