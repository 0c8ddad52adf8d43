import { LOCKDOWN, type StandingOrders } from '../standing-orders.ts';
import { order, type Stops } from '../stops.ts';

/** Whether all issuing of registration codes is stopped; throws as standing orders do. */
export type Lockdown = {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
};

export const createLockdown = (orders: StandingOrders, stops: Stops): Lockdown => ({
  isOn: () => orders.isOn(LOCKDOWN),
  set: (on) => order(orders, stops, LOCKDOWN, on),
});
